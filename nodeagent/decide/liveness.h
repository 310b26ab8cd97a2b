// Whether an engine that does not answer is busy or hung. Pure: what its process did meanwhile goes in, a verdict comes
// out. A wrong "hung" costs a healthy primary its life, so that whatever can explain the silence speaks for the engine.
#pragma once

#include <chrono>
#include <string>

namespace cacheplane::agent {

// An engine that is well answers within a millisecond, and one that computes uses its CPU: a second with neither has no
// healthy explanation left.
inline constexpr std::chrono::milliseconds kHungAfter{1000};
// Waiting for a disk ends by itself more often than not: a slow fsync or swapped-out memory can take 2 s.
inline constexpr std::chrono::milliseconds kBlockedHungAfter{2500};
// Computing for as long as this is no service either. Scripts answer -BUSY after 5 s, and deleting the largest keys or
// forking the largest process takes seconds.
inline constexpr std::chrono::milliseconds kBusyHungAfter{60'000};
// CPU, and waiting for it, that mean nothing: a timer's wake-up takes tens of microseconds, a scheduler's tick 4 ms.
inline constexpr std::chrono::milliseconds kNegligibleCpu{5};
// Below this nobody is told that an engine is busy: a healthy one can miss an answer for so long.
inline constexpr std::chrono::milliseconds kBusyWorthTelling{1000};
// A stopped process is reported after this: a debugger or a core dump may stop one for a moment.
inline constexpr std::chrono::milliseconds kFrozenAfter{20};

// Of a process while a question to it is unanswered.
struct Silence {
  std::chrono::milliseconds unanswered{0};
  // The latest part of that time in which it used no CPU and waited for none, beyond kNegligibleCpu.
  std::chrono::milliseconds idle{0};
  bool blocked = false;  // was seen waiting for a disk (state D) in that part
  bool loading = false;
  bool saving = false;  // before the stop that was asked for
};

enum class Liveness { kWell, kBusy, kHung };

Liveness Judge(const Silence& silence);

// What is reported as the problem, such as "busy: no answer for over 10 s"; "" when it is well. In coarse steps, since
// every change of it is a message.
std::string Describe(Liveness liveness, const Silence& silence);

// One look at a process's main thread, and what looks add up to.
struct ProcessLook {
  char state = '?';                  // as in /proc/PID/stat
  std::chrono::microseconds cpu{0};  // used, and waited for, since its start
};

// Follows the looks at a silent process. Time counts only as far as there were looks: an agent that was itself held up
// for a while must not take its own absence for the engine's.
class SilenceMeter {
 public:
  // Looks further apart than this count as no more than it.
  static constexpr std::chrono::milliseconds kMostBetweenLooks{100};

  // `since_last`: time since the look before, or since the question for the first.
  void Add(std::chrono::milliseconds since_last, const ProcessLook& look);
  // An answer came.
  void Clear();

  bool Silent() const { return silence_.unanswered.count() > 0; }
  const Silence& silence() const { return silence_; }

 private:
  Silence silence_;
  std::chrono::microseconds cpu_at_idle_{0};
  bool looked_ = false;
};

}  // namespace cacheplane::agent
