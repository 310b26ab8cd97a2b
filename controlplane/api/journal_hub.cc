#include "controlplane/api/journal_hub.h"

#include <algorithm>
#include <utility>

namespace cacheplane::api {

JournalHub::JournalHub() : thread_([this] { Run(); }) {}

JournalHub::~JournalHub() {
  Close();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void JournalHub::JournalGrew() {
  {
    const std::lock_guard lock(mutex_);
    grew_ = true;
  }
  changed_.notify_all();
}

JournalHub::Ticket JournalHub::Add(std::optional<Deadline> deadline, Callback callback) {
  Ticket ticket = 0;
  {
    const std::lock_guard lock(mutex_);
    ticket = ++last_ticket_;
    waiters_.emplace(ticket, Waiter{deadline, std::move(callback)});
  }
  changed_.notify_all();
  return ticket;
}

void JournalHub::Remove(Ticket ticket) {
  std::map<Ticket, Waiter>::node_type removed;  // its callback is destroyed after the lock is given back
  const std::lock_guard lock(mutex_);
  removed = waiters_.extract(ticket);
}

void JournalHub::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

std::optional<JournalHub::Deadline> JournalHub::NextDeadline() const {
  std::optional<Deadline> next;
  for (const auto& [ticket, waiter] : waiters_) {
    if (waiter.deadline && (!next || *waiter.deadline < *next)) next = waiter.deadline;
  }
  return next;
}

std::vector<JournalHub::Call> JournalHub::TakeDue(Deadline now) {
  const bool grew = std::exchange(grew_, false);
  std::vector<Call> calls;
  for (auto& [ticket, waiter] : waiters_) {
    if (closed_ && !waiter.told_closed) {
      waiter.told_closed = true;
      calls.push_back({ticket, waiter.callback, Wake::kClosed});
    } else if (waiter.deadline && *waiter.deadline <= now) {
      waiter.deadline.reset();
      calls.push_back({ticket, waiter.callback, Wake::kDeadline});
    } else if (grew && !closed_) {
      calls.push_back({ticket, waiter.callback, Wake::kGrew});
    }
  }
  return calls;
}

bool JournalHub::StillWaits(Ticket ticket) {
  const std::lock_guard lock(mutex_);
  return waiters_.contains(ticket);
}

void JournalHub::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const std::vector<Call> calls = TakeDue(std::chrono::steady_clock::now());
    if (calls.empty()) {
      if (stopping_) return;
      // A waiter added meanwhile or a growth ends the wait as well; a spurious end does no harm.
      if (const auto deadline = NextDeadline()) {
        changed_.wait_until(lock, *deadline);
      } else {
        changed_.wait(lock);
      }
      continue;
    }
    lock.unlock();
    for (const Call& call : calls) {
      if (StillWaits(call.ticket)) call.callback(call.wake);
    }
    lock.lock();
  }
}

}  // namespace cacheplane::api
