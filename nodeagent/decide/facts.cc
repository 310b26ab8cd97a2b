#include "nodeagent/decide/facts.h"

#include <algorithm>

namespace cacheplane::agent {
namespace {

// An engine that nobody wrote to is at 0 or 1. That a replica has got the first write is news: without it nobody may
// take over from a primary that was written to.
constexpr std::int64_t kNothingWritten = 1;

NodeFact WithoutMeters(NodeFact fact) {
  fact.replication_offset = std::clamp<std::int64_t>(fact.replication_offset, kNothingWritten, kNothingWritten + 1);
  fact.used_memory_bytes = 0;
  fact.link_down_seconds = 0;
  for (ReplicaFact& replica : fact.replicas) replica.acknowledged_offset = 0;
  return fact;
}

}  // namespace

bool IsNews(const NodeFact& before, const NodeFact& now) { return WithoutMeters(before) != WithoutMeters(now); }

Facts FactsDiff::ChangesIn(const Facts& current) {
  Facts changes{.revision = current.revision, .needs_whole_set = current.needs_whole_set};
  for (const NodeFact& fact : current.nodes) {
    const auto [known, added] = sent_.try_emplace({fact.node, fact.incarnation}, fact);
    if (!added && !IsNews(known->second, fact)) continue;
    known->second = fact;
    changes.nodes.push_back(fact);
  }
  // A new revision is news of its own: the control plane learns that its message has arrived.
  const bool header_is_news = current.revision != revision_ || current.needs_whole_set != needs_whole_set_;
  if (changes.nodes.empty() && !header_is_news) return {};
  Remember(current);
  return changes;
}

Facts FactsDiff::Whole(const Facts& current) {
  sent_.clear();
  for (const NodeFact& fact : current.nodes) sent_[{fact.node, fact.incarnation}] = fact;
  Remember(current);
  Facts whole = current;
  whole.whole = true;
  return whole;
}

void FactsDiff::Remember(const Facts& header) {
  revision_ = header.revision;
  needs_whole_set_ = header.needs_whole_set;
}

bool IsEmpty(const Facts& facts) { return facts == Facts{}; }

}  // namespace cacheplane::agent
