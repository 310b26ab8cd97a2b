#include "nodeagent/decide/handover.h"

#include <fmt/format.h>

#include <algorithm>

namespace cacheplane::agent {

std::string WhyNotYet(const FormerView& former, const CandidateView& candidate) {
  if (!candidate.replica) return "the candidate is no replica";
  if (candidate.follows != former.own) {
    return fmt::format("the candidate follows {}:{}", candidate.follows.host, candidate.follows.port);
  }
  if (!candidate.link_up) return "the candidate's link is down";
  if (candidate.history != former.history) return "the candidate has another history";
  const std::int64_t lag = former.offset - candidate.offset;
  if (candidate.offset < former.first_offset || lag > kMostLagBytes) {
    return fmt::format("the candidate lags by {} bytes", lag);
  }
  if (!candidate.ready) return "the candidate's agent has not said that it may be opened";
  return "";
}

std::int64_t DivergedBytes(std::string_view history, std::int64_t offset, std::string_view successors_former,
                           std::int64_t former_end) {
  if (history.empty() || history != successors_former || former_end < 0) return -1;
  return std::max<std::int64_t>(0, offset - (former_end - 1));
}

}  // namespace cacheplane::agent
