#include "controlplane/decide/rolling.h"

#include <algorithm>

#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/hosts.h"
#include "controlplane/decide/verify.h"

namespace cacheplane::decide {
namespace {

using model::ProcessState;
using std::chrono::milliseconds;

constexpr milliseconds kLookAgain{100};
// Processes of a node that end one after the other: it does not come up.
constexpr std::uint64_t kEndsThatFail = 3;
// Until then a process that does not start may start yet: its image was not found, its address is taken.
constexpr milliseconds kStartsWithin{10'000};
// To save, to load, and to receive all data once more.
constexpr milliseconds kComesUpWithin{60'000};
constexpr std::int64_t kBytesPerSecond = 25LL << 20;
constexpr int kMostHandovers = 5;

std::string TargetOf(const ClusterView& view, const NodeView& node) {
  for (const HostView& host : view.hosts) {
    if (host.host.agent == node.planned.agent) return ImageFor(host.host, view.cluster.spec);
  }
  return {};
}

bool IsPlannedSo(const ClusterView& view, const NodeView& node) {
  const model::ClusterSpec& spec = view.cluster.spec;
  return node.planned.engine == spec.engine && node.planned.image_version.starts_with(spec.engine_version + ".") &&
         node.planned.memory_bytes == view.node_memory_bytes;
}

bool GoesBack(const ClusterView& view) { return !view.operation->failure.empty(); }

// The way back is open as long as nobody writes to what is made of the new.
bool MayGoBack(const ClusterView& view) {
  const std::optional<model::Build>& before = view.operation->before;
  return !GoesBack(view) && before && *before != model::BuildOf(view.cluster.spec) &&
         !IsRenewed(view, *PrimaryOf(view));
}

milliseconds Patience(const NodeView& node) {
  return kComesUpWithin + milliseconds(1000) * (node.facts->used_memory_bytes / kBytesPerSecond);
}

// Why it is not worth waiting any longer for a node that was renewed; empty when it is.
std::string WhyGivenUp(const NodeView& node, const std::string& finding) {
  const model::NodeFacts& facts = *node.facts;
  const bool runs_new = facts.renewal == node.planned.renewal;
  if (runs_new && facts.process == ProcessState::kHung) return "it starts, and does not answer";
  if (runs_new && facts.process != ProcessState::kRunning &&
      facts.starts >= node.planned.renewed_start + kEndsThatFail) {
    return fmt::format("its process ended {} times: {}", kEndsThatFail, facts.exit_reason);
  }
  const bool stopped = facts.process == ProcessState::kStopped && !facts.problem.empty();
  if (stopped && node.since_renewal >= kStartsWithin) return facts.problem;
  if (node.since_renewal < Patience(node)) return {};
  return fmt::format("not up within {} s: {}", Patience(node).count() / 1000, finding);
}

std::optional<Step> GiveUp(const ClusterView& view, const NodeView& node, const Finding& finding,
                           const Policy& policy) {
  const bool by_this = node.since_renewal <= view.operation_age;
  const bool judged = node.facts && !IsSilent(node, policy) && by_this;
  const std::string given_up = judged ? WhyGivenUp(node, finding.reason) : "";
  if (given_up.empty() || !MayGoBack(view)) return std::nullopt;
  return GoBack{fmt::format("{} did not come up with {} {}: {}", node.planned.name, node.planned.engine,
                            node.planned.image_version, given_up)};
}

RenewNode Renewal(const ClusterView& view, const NodeView& node, const std::string& image) {
  return {node.planned.name,
          view.cluster.spec.engine,
          image,
          view.node_memory_bytes,
          node.facts ? node.facts->starts : 0,
          !node.facts || node.facts->process != ProcessState::kRunning};
}

Step Renew(const ClusterView& view, const NodeView& node, const Policy& policy) {
  const std::string image = TargetOf(view, node);
  if (image.empty()) {
    const std::string reason = fmt::format("{}: {} has no image of {} {}", node.planned.name, node.planned.agent,
                                           view.cluster.spec.engine, view.cluster.spec.engine_version);
    return MayGoBack(view) ? Step(GoBack{reason}) : Step(Waiting{reason, policy.recheck});
  }
  if (!node.planned.readers_away) return LeadReadersAway{node.planned.name};
  if (const auto reason = WhyReadersMayCome(view)) return Waiting{*reason, kLookAgain};
  return Renewal(view, node, image);
}

Step HandOver(const ClusterView& view, const Policy& policy) {
  const model::Operation& operation = *view.operation;
  if (operation.attempts >= kMostHandovers && MayGoBack(view)) {
    return GoBack{fmt::format("{} handovers were given up", operation.attempts)};
  }
  if (view.until_retry > milliseconds(0)) {
    return Waiting{"a handover was given up; the next one is tried soon", view.until_retry};
  }
  for (const NodeView* replica : ReplicasOf(view)) {
    if (WhyReplicaNotVerified(view, *replica, policy)) continue;
    return SwitchPrimary{replica->planned.name, view.shard->epoch.Next(), replica->facts->starts,
                         PrimaryOf(view)->facts->starts};
  }
  return Waiting{"no replica can take over", kLookAgain};
}

}  // namespace

bool IsRolling(const ClusterView& view) {
  return view.operation && view.operation->status == model::OperationStatus::kRunning &&
         view.operation->kind == model::OperationKind::kModifyCluster;
}

bool IsRenewed(const ClusterView& view, const NodeView& node) {
  return IsPlannedSo(view, node) && node.facts && node.facts->renewal == node.planned.renewal;
}

std::optional<Step> DecideRolling(const ClusterView& view, const Policy& policy) {
  if (!IsRolling(view)) return std::nullopt;
  if (view.shard->attached != view.shard->epoch) return std::nullopt;
  const bool primary_renewed = IsRenewed(view, *PrimaryOf(view));
  const NodeView* next = nullptr;
  for (const NodeView* replica : ReplicasOf(view)) {
    const auto finding = WhyReplicaNotVerified(view, *replica, policy);
    const bool planned = IsPlannedSo(view, *replica);
    if (planned && finding) {
      return GiveUp(view, *replica, *finding, policy).value_or(Waiting{finding->reason, policy.recheck});
    }
    // What is older may be unable to follow a primary that is made of the new; what is newer and did not come up, to
    // run at all.
    const bool stays_down = primary_renewed || GoesBack(view);
    if (finding && !stays_down) return Waiting{finding->reason, policy.recheck};
    if (!planned && next == nullptr) next = replica;
  }
  if (next != nullptr) return Renew(view, *next, policy);
  if (!primary_renewed) return HandOver(view, policy);
  return std::nullopt;
}

std::optional<Step> DecideWithoutPrimary(const ClusterView& view, const Policy& policy) {
  if (!IsRolling(view)) return std::nullopt;
  for (const NodeView* replica : ReplicasOf(view)) {
    if (!replica->facts || IsSilent(*replica, policy) || replica->facts->process == ProcessState::kRunning) continue;
    if (IsPlannedSo(view, *replica)) {
      if (auto step = GiveUp(view, *replica, {"it does not run"}, policy)) return step;
    } else if (const std::string image = TargetOf(view, *replica); GoesBack(view) && !image.empty()) {
      return Renewal(view, *replica, image);
    }
  }
  return std::nullopt;
}

Step EndRolling(const ClusterView& view) {
  if (GoesBack(view)) return FailOperation{view.operation->failure};
  return CompleteOperation{};
}

}  // namespace cacheplane::decide
