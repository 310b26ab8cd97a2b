// Wakes those who wait for operations or events. One thread for all of them: nobody who waits holds a thread, and
// whoever commits is never held up by those who wait.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "controlplane/ports/signals.h"

namespace cacheplane::api {

enum class Wake {
  kGrew,      // look again
  kDeadline,  // the waiter's deadline has passed
  kClosed,    // nothing more will come
};

class JournalHub final : public ports::JournalSignal {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  using Callback = std::function<void(Wake)>;
  using Ticket = std::uint64_t;

  JournalHub();
  // Closes, then waits for the thread.
  ~JournalHub() override;
  JournalHub(const JournalHub&) = delete;
  JournalHub& operator=(const JournalHub&) = delete;

  // Calls every waiter soon, on the hub's thread; growths in between are merged into one call.
  void JournalGrew() override;

  // From now on `callback` is called on the hub's thread: for growth any number of times, at the deadline once, at
  // closing once. A waiter looks for what it waits for after Add: what was committed before is not told.
  Ticket Add(std::optional<Deadline> deadline, Callback callback);
  // A call that is under way may still come to its end; no other one starts.
  void Remove(Ticket ticket);

  // Tells every waiter, present and future, that nothing more will come.
  void Close();

 private:
  struct Waiter {
    std::optional<Deadline> deadline;
    Callback callback;
    bool told_closed = false;
  };
  struct Call {
    Ticket ticket = 0;
    Callback callback;
    Wake wake = Wake::kGrew;
  };

  void Run();
  std::optional<Deadline> NextDeadline() const;
  std::vector<Call> TakeDue(Deadline now);
  bool StillWaits(Ticket ticket);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Ticket, Waiter> waiters_;  // this and the following guarded by mutex_
  Ticket last_ticket_ = 0;
  bool grew_ = false;
  bool closed_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cacheplane::api
