// Clocks. The core takes `now` as a parameter; shells ask a Clock; tests advance a FakeClock (tests/support).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cacheplane {

// Wall time in milliseconds: what is stored and shown.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
// Monotonic time in milliseconds: what durations are measured with.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::milliseconds>;

// Monotonic, and goes on while the host is suspended: whoever slept through a permission has none when it wakes.
struct BootClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock, duration>;
  static constexpr bool is_steady = true;

  static time_point now();
};
using BootTime = BootClock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Now() const = 0;
  virtual MonoTime Mono() const = 0;
};

// The machine's clocks.
class SystemClock final : public Clock {
 public:
  WallTime Now() const override;
  MonoTime Mono() const override;
};

// Milliseconds since 1970, as stored.
std::int64_t ToUnixMillis(WallTime time);
WallTime FromUnixMillis(std::int64_t millis);

}  // namespace cacheplane
