// What became of a stream of increments of one counter: how many were acknowledged, the longest time without one, and
// how many of the acknowledged ones the data lack. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace cacheplane::cli {

using ProbeTime = std::chrono::steady_clock::time_point;

class WriteLedger {
 public:
  // The engine answered that the counter is now `value`.
  void Acknowledged(ProbeTime at, std::int64_t value);
  // No answer, a refusal, or no connection: the increment may or may not have been carried out.
  void Failed(const std::string& why);

  std::int64_t acknowledged() const { return acknowledged_; }
  std::int64_t failed() const { return failed_; }
  // Acknowledged increments that a later value is too low for; at least that many, for a failed one may have counted.
  std::int64_t lost() const { return lost_; }
  // Between two acknowledgements that follow each other.
  std::chrono::microseconds longest_gap() const { return longest_gap_; }
  const std::string& first_failure() const { return first_failure_; }

 private:
  std::int64_t acknowledged_ = 0;
  std::int64_t failed_ = 0;
  std::int64_t lost_ = 0;
  std::int64_t value_ = 0;
  std::optional<ProbeTime> latest_;
  std::chrono::microseconds longest_gap_{0};
  std::string first_failure_;
};

}  // namespace cacheplane::cli
