#include "common/clock.h"

#include <ctime>

namespace cacheplane {

using std::chrono::milliseconds;

WallTime SystemClock::Now() const { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

MonoTime SystemClock::Mono() const {
  return std::chrono::time_point_cast<milliseconds>(std::chrono::steady_clock::now());
}

BootTime BootClock::now() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return BootTime(
      std::chrono::floor<milliseconds>(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)));
}

std::int64_t ToUnixMillis(WallTime time) { return time.time_since_epoch().count(); }

WallTime FromUnixMillis(std::int64_t millis) { return WallTime(milliseconds(millis)); }

}  // namespace cacheplane
