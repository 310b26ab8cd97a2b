#include "controlplane/service/successor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "common/check.h"
#include "controlplane/service/sight.h"

namespace cacheplane::service {
namespace {

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

std::string WhyNotThisOne(const Successor& other, const Successor& chosen) {
  const std::int64_t behind = chosen.offset - other.offset;
  if (behind == 0) return fmt::format("as good as {}", chosen.name);
  return fmt::format("{} bytes {} {}", std::abs(behind), behind > 0 ? "behind" : "ahead of", chosen.name);
}

std::string WhyThisOne(const Successors& successors, const Successor& chosen, bool asked_for) {
  if (asked_for) return "it was asked for";
  if (successors.fit.size() == 1) return "no other replica can";
  const bool alone = successors.fit.front().offset != successors.fit.at(1).offset;
  return successors.fit.front().name == chosen.name && alone ? "it holds most" : "no other replica holds more";
}

}  // namespace

Successors FindSuccessors(const std::vector<model::Node>& nodes, const ports::FactSnapshot& facts, MonoTime now) {
  const auto primary = std::find_if(nodes.begin(), nodes.end(), IsPlannedPrimary);
  CP_CHECK(primary != nodes.end());
  Successors successors{
      .primary_down = WhyPrimaryDown(*primary, See(*primary, facts, now)), .fit = {}, .passed_over = {}};
  for (const model::Node& node : nodes) {
    if (node.role == model::Role::kPrimary || node.intent != model::Intent::kRun) continue;
    const Sight sight = See(node, facts, now);
    const std::string unfit = WhyUnfit(node, sight, *primary, successors.primary_down.empty());
    if (unfit.empty()) {
      successors.fit.push_back({node.name, sight.facts->replication_offset});
    } else {
      successors.passed_over.push_back(fmt::format("{}: {}", node.name, unfit));
    }
  }
  std::stable_sort(successors.fit.begin(), successors.fit.end(),
                   [](const Successor& a, const Successor& b) { return a.offset > b.offset; });
  return successors;
}

Succession Explain(const model::NodeName& primary, const Successors& successors, const model::NodeName& name,
                   bool asked_for) {
  const auto chosen = std::find_if(successors.fit.begin(), successors.fit.end(),
                                   [&](const Successor& successor) { return successor.name == name; });
  CP_CHECK(chosen != successors.fit.end());
  Succession succession{.primary = primary, .successor = name, .reason = {}, .passed_over = successors.passed_over};
  succession.reason =
      fmt::format("{}: offset {} as last reported", WhyThisOne(successors, *chosen, asked_for), chosen->offset);
  if (!successors.primary_down.empty()) {
    succession.reason += fmt::format("; {} cannot hand over: {}", primary, successors.primary_down);
  }
  for (const Successor& other : successors.fit) {
    if (other.name == name) continue;
    succession.passed_over.push_back(fmt::format("{}: {}", other.name, WhyNotThisOne(other, *chosen)));
  }
  return succession;
}

}  // namespace cacheplane::service
