#include "controlplane/agents/live_sessions.h"

#include <algorithm>
#include <utility>

namespace cacheplane::agents {

bool LiveSessions::Add(const std::shared_ptr<LiveSession>& session) {
  std::scoped_lock lock(mutex_);
  if (!closed_) sessions_.insert(session);
  return !closed_;
}

void LiveSessions::Remove(const LiveSession* session) {
  std::shared_ptr<LiveSession> last;  // destroyed without the lock
  std::scoped_lock lock(mutex_);
  const auto found =
      std::find_if(sessions_.begin(), sessions_.end(), [&](const auto& s) { return s.get() == session; });
  if (found == sessions_.end()) return;
  last = *found;
  sessions_.erase(found);
  removed_.notify_all();
}

std::vector<std::shared_ptr<LiveSession>> LiveSessions::Copy() {
  std::scoped_lock lock(mutex_);
  return {sessions_.begin(), sessions_.end()};
}

void LiveSessions::TickAll(MonoTime now) {
  for (const auto& session : Copy()) session->Tick(now);
}

void LiveSessions::Close(const Error& error, std::chrono::milliseconds patience) {
  {
    std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  for (const auto& session : Copy()) session->End(error);
  std::unique_lock lock(mutex_);
  removed_.wait_for(lock, patience, [&] { return sessions_.empty(); });
}

Ticker::Ticker(std::chrono::milliseconds interval, std::function<void()> function)
    : thread_([this, interval, function = std::move(function)] {
        std::unique_lock lock(mutex_);
        while (!wake_.wait_for(lock, interval, [&] { return stop_; })) {
          lock.unlock();
          function();
          lock.lock();
        }
      }) {}

Ticker::~Ticker() {
  {
    std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

}  // namespace cacheplane::agents
