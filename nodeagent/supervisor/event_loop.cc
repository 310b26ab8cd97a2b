#include "nodeagent/supervisor/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/check.h"

namespace cacheplane::agent {
namespace {

constexpr int kMaxTimeout = 60'000;

}  // namespace

Mailbox::Mailbox() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { CP_CHECK(fd_ >= 0); }

Mailbox::~Mailbox() { close(fd_); }

void Mailbox::Post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the loop is awake anyway.
  [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);
}

std::vector<Task> Mailbox::TakeAll() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(fd_, &count, sizeof count);
  const std::lock_guard lock(mutex_);
  return std::exchange(tasks_, {});
}

EventLoop::EventLoop(const Clock& clock)
    : clock_(clock), mailbox_(std::make_shared<Mailbox>()), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  CP_CHECK(epoll_ >= 0);
  Watch(mailbox_->fd(), [this] { RunMailbox(); });
}

EventLoop::~EventLoop() { close(epoll_); }

EventLoop::Id EventLoop::At(MonoTime time, Task task) {
  const Id id = next_id_++;
  timers_.emplace(std::pair(time, id), std::move(task));
  timer_times_.emplace(id, time);
  return id;
}

void EventLoop::Cancel(Id timer) {
  const auto found = timer_times_.find(timer);
  if (found == timer_times_.end()) return;
  timers_.erase({found->second, timer});
  timer_times_.erase(found);
}

EventLoop::Id EventLoop::Watch(int fd, Task task) {
  const Id id = next_id_++;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = id;
  CP_CHECK(epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0);
  watches_.emplace(id, std::pair(fd, std::make_shared<Task>(std::move(task))));
  return id;
}

void EventLoop::Unwatch(Id watch) {
  const auto found = watches_.find(watch);
  if (found == watches_.end()) return;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, found->second.first, nullptr);
  watches_.erase(found);
}

void EventLoop::Defer(Task task) { mailbox_->Post(std::move(task)); }

void EventLoop::Stop() { stopped_ = true; }

int EventLoop::TimeoutMillis() const {
  if (timers_.empty()) return kMaxTimeout;
  const auto wait = timers_.begin()->first.first - now();
  return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, kMaxTimeout));
}

void EventLoop::RunDueTimers() {
  const MonoTime time = now();
  while (!timers_.empty() && timers_.begin()->first.first <= time && !stopped_) {
    auto node = timers_.extract(timers_.begin());
    timer_times_.erase(node.key().second);
    node.mapped()();
  }
}

void EventLoop::RunMailbox() {
  for (const Task& task : mailbox_->TakeAll()) task();
}

void EventLoop::Run() {
  stopped_ = false;
  std::array<epoll_event, 64> events;
  while (!stopped_) {
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), TimeoutMillis());
    for (int i = 0; i < count; ++i) {
      // By id and not by descriptor: an earlier handler may have closed it, and the number may be in use again.
      const auto found = watches_.find(events[static_cast<std::size_t>(i)].data.u64);
      if (found == watches_.end()) continue;
      const std::shared_ptr<Task> task = found->second.second;
      (*task)();
    }
    RunDueTimers();
  }
}

}  // namespace cacheplane::agent
