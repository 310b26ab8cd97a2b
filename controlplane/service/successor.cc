#include "controlplane/service/successor.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/check.h"
#include "controlplane/service/sight.h"

namespace cacheplane::service {
namespace {

struct Candidate {
  model::NodeName name;
  std::int64_t offset = 0;
};

bool IsPlannedPrimary(const model::Node& node) {
  return node.role == model::Role::kPrimary && node.intent == model::Intent::kRun;
}

std::string WhyDown(const model::Node& node, const Sight& sight) {
  if (sight.facts == nullptr) return sight.why_not;
  if (!sight.connected) return fmt::format("agent {} is not connected", node.agent);
  return WhyNotRunning(*sight.facts);
}

// One that was started again lives, and is not opened for what it does not hold any more.
std::string WhyPrimaryDown(const model::Node& primary, const Sight& sight) {
  if (std::string down = WhyDown(primary, sight); !down.empty()) return down;
  return sight.facts->role == model::Role::kPrimary ? "" : "the engine is not open for writes";
}

std::string WhyUnfit(const model::Node& node, const Sight& sight, const model::Node& primary, bool primary_up) {
  if (std::string down = WhyDown(node, sight); !down.empty()) return down;
  const model::NodeFacts& facts = *sight.facts;
  if (facts.role != model::Role::kReplica) return "the engine is not replica yet";
  // An engine that never synchronised reports an offset of 0 or 1.
  if (!primary_up) return facts.replication_offset > 1 ? "" : "it holds no data";
  if (!facts.link_up) return "the replication link is down";
  if (facts.primary != primary.address) return fmt::format("it does not follow {} yet", primary.name);
  return "";
}

std::vector<model::NodeName> MostDataFirst(std::vector<Candidate> candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.offset > b.offset; });
  std::vector<model::NodeName> names;
  for (const Candidate& candidate : candidates) names.push_back(candidate.name);
  return names;
}

}  // namespace

Successors FindSuccessors(const std::vector<model::Node>& nodes, const ports::FactSnapshot& facts, MonoTime now) {
  const auto primary = std::find_if(nodes.begin(), nodes.end(), IsPlannedPrimary);
  CP_CHECK(primary != nodes.end());
  Successors successors{
      .primary_down = WhyPrimaryDown(*primary, See(*primary, facts, now)), .fit = {}, .passed_over = {}};
  std::vector<Candidate> fit;
  for (const model::Node& node : nodes) {
    if (node.role == model::Role::kPrimary || node.intent != model::Intent::kRun) continue;
    const Sight sight = See(node, facts, now);
    const std::string unfit = WhyUnfit(node, sight, *primary, successors.primary_down.empty());
    if (unfit.empty()) {
      fit.push_back({node.name, sight.facts->replication_offset});
    } else {
      successors.passed_over.push_back(fmt::format("{}: {}", node.name, unfit));
    }
  }
  successors.fit = MostDataFirst(std::move(fit));
  return successors;
}

}  // namespace cacheplane::service
