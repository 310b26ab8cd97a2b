// Virtual time: events in order of time, ties in order of insertion, one seeded source of chance. A run is a function
// of its seed alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>

#include "common/clock.h"

namespace cacheplane::sim {

class Schedule final : public Clock {
 public:
  explicit Schedule(std::uint64_t seed) : random_(seed) {}

  WallTime Now() const override { return WallTime(std::chrono::milliseconds(1'800'000'000'000 + now_)); }
  MonoTime Mono() const override { return MonoTime(std::chrono::milliseconds(now_)); }
  // As an agent sees it: a machine has been up for a while.
  BootTime Boot() const { return BootTime(std::chrono::milliseconds(1'000'000 + now_)); }
  std::int64_t millis() const { return now_; }

  void At(std::int64_t millis, std::function<void()> event) {
    events_.emplace(std::max(millis, now_), std::move(event));
  }
  void After(std::int64_t delay, std::function<void()> event) { At(now_ + delay, std::move(event)); }

  // Runs the next event; false when none is due before `until`, which then is the time.
  bool Step(std::int64_t until) {
    if (events_.empty() || events_.begin()->first > until) {
      now_ = until;
      return false;
    }
    auto node = events_.extract(events_.begin());
    now_ = node.key();
    node.mapped()();
    return true;
  }

  // Uniform in [low, high].
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool Chance(double probability) { return static_cast<double>(random_() >> 11U) * 0x1p-53 < probability; }

  // Everything noteworthy goes in here; two runs of a seed must give the same hash.
  void Trace(const std::string& line) {
    for (const char c : line) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    if (keep_trace) trace += std::to_string(now_) + " " + line + "\n";
  }
  std::uint64_t hash() const { return hash_; }

  bool keep_trace = false;
  std::string trace;

 private:
  std::int64_t now_ = 0;
  std::multimap<std::int64_t, std::function<void()>> events_;
  std::mt19937_64 random_;
  std::uint64_t hash_ = 14695981039346656037ULL;
};

}  // namespace cacheplane::sim
