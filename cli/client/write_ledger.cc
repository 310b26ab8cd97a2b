#include "cli/client/write_ledger.h"

#include <algorithm>

namespace cacheplane::cli {

void WriteLedger::Acknowledged(ProbeTime at, std::int64_t value) {
  if (latest_) {
    longest_gap_ = std::max(longest_gap_, std::chrono::duration_cast<std::chrono::microseconds>(at - *latest_));
  }
  // Nobody else counts: a value that is not above the one before is one that forgot.
  if (value <= value_) lost_ += value_ - value + 1;
  latest_ = at;
  value_ = value;
  ++acknowledged_;
}

void WriteLedger::Failed(const std::string& why) {
  if (failed_++ == 0) first_failure_ = why;
}

}  // namespace cacheplane::cli
