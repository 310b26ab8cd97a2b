// The agent's one thread of decisions: it owns all state, so nothing in it needs a lock. Other threads (probers, gRPC)
// hand over closures through the mailbox and return.
//
// epoll over what becomes readable (pidfds, signals, the mailbox's eventfd). Timers are kept in order and become
// epoll's timeout, which has the milliseconds that are needed; a timerfd would be one more descriptor for the same.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "common/clock.h"

namespace cacheplane::agent {

using Task = std::function<void()>;

// Where other threads leave closures for the loop. Outlives the loop for as long as somebody holds it; what arrives
// after the loop's end is dropped. Senders bound what they have under way (one probe result, one stream message).
class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void Post(Task task);           // any thread
  std::vector<Task> TakeAll();    // the loop
  int fd() const { return fd_; }  // readable when there is something

 private:
  std::mutex mutex_;
  std::vector<Task> tasks_;
  int fd_ = -1;
};

class EventLoop {
 public:
  using Id = std::uint64_t;  // 0 is never used

  explicit EventLoop(const Clock& clock);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }

  // All below: only on the loop's thread, or before Run.
  Id At(MonoTime time, Task task);
  void Cancel(Id timer);
  // Calls `task` while `fd` is readable, until Unwatch. The descriptor stays the caller's.
  Id Watch(int fd, Task task);
  void Unwatch(Id watch);
  // After what is being handled now.
  void Defer(Task task);

  void Run();  // until Stop
  void Stop();
  MonoTime now() const { return clock_.Mono(); }

 private:
  int TimeoutMillis() const;
  void RunDueTimers();
  void RunMailbox();

  const Clock& clock_;
  std::shared_ptr<Mailbox> mailbox_;
  int epoll_ = -1;
  bool stopped_ = false;
  Id next_id_ = 1;
  std::map<std::pair<MonoTime, Id>, Task> timers_;
  std::map<Id, MonoTime> timer_times_;
  std::map<Id, std::pair<int, std::shared_ptr<Task>>> watches_;
};

}  // namespace cacheplane::agent
