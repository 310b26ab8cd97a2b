#include "controlplane/decide/rolling.h"

#include <algorithm>
#include <utility>

#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/hosts.h"
#include "controlplane/decide/moving.h"
#include "controlplane/decide/scaling.h"
#include "controlplane/decide/verify.h"
#include "controlplane/model/update.h"

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

bool IsReboot(const ClusterView& view) { return view.operation->kind == model::OperationKind::kRebootCluster; }

bool IsToRestart(const ClusterView& view, const NodeView& node) {
  if (!IsReboot(view) || GoesBack(view)) return false;
  const auto asked = view.operation->reboots.find(node.planned.incarnation);
  return asked != view.operation->reboots.end() && node.planned.renewal <= asked->second;
}

bool IsUpdate(const ClusterView& view) { return view.operation->kind == model::OperationKind::kUpdateNodes; }

// The version that the node keeps or gets back, whatever newer one there is; empty: none.
std::string Kept(const ClusterView& view, const NodeView& node) {
  if (IsReboot(view)) return node.planned.image_version;
  if (!IsUpdate(view) || !GoesBack(view)) return {};
  const auto before = view.operation->images_before.find(node.planned.incarnation);
  return before == view.operation->images_before.end() ? node.planned.image_version : before->second;
}

// What is kept must still be on the host.
std::string TargetOf(const ClusterView& view, const NodeView& node) {
  const HostView* host = HostOf(view, node.planned.agent);
  if (host == nullptr) return {};
  const std::vector<model::Image>& images = host->host.images;
  const std::string kept = Kept(view, node);
  const bool has_it = std::find(images.begin(), images.end(), model::Image{node.planned.engine, kept}) != images.end();
  return has_it ? kept : ImageFor(host->host, view.cluster.spec);
}

// Where the host has lost its image meanwhile there is nothing to update to.
bool IsUpdated(const ClusterView& view, const NodeView& node) {
  if (!IsUpdate(view)) return true;
  const std::string target = TargetOf(view, node);
  return target.empty() || target == node.planned.image_version;
}

bool IsPlannedSo(const ClusterView& view, const NodeView& node) {
  const model::ClusterSpec& spec = view.cluster.spec;
  return !IsToRestart(view, node) && !Leaves(view, node) && IsUpdated(view, node) &&
         model::IsMadeSo(node.planned, spec.engine, spec.engine_version, view.node_memory_bytes);
}

// What it has to save, load and receive is as much as anybody of the shard holds.
milliseconds TimeForData(const ClusterView& view) {
  std::int64_t most = 0;
  for (const NodeView& node : view.nodes) {
    if (node.facts) most = std::max(most, node.facts->used_memory_bytes);
  }
  return milliseconds(1000) * (most / kBytesPerSecond);
}

// Why it is not worth waiting any longer for a node that was made anew; empty when it is.
std::string WhyGivenUp(const ClusterView& view, const NodeView& node, const std::string& finding) {
  const model::NodeFacts& facts = *node.facts;
  const bool runs_new = facts.renewal == node.planned.renewal;
  if (runs_new && facts.process == ProcessState::kHung) return "it starts, and does not answer";
  if (runs_new && facts.process == ProcessState::kStopped &&
      facts.starts >= node.planned.renewed_start + kEndsThatFail) {
    return fmt::format("its process ended {} times: {}", kEndsThatFail, facts.exit_reason);
  }
  const milliseconds data = TimeForData(view);
  const bool stopped = facts.process == ProcessState::kStopped && !facts.problem.empty();
  if (stopped && node.since_renewal >= kStartsWithin + data) return facts.problem;
  if (node.since_renewal < kComesUpWithin + data) return {};
  return fmt::format("not up within {} s: {}", (kComesUpWithin + data).count() / 1000, finding);
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
  const NodeView* successor = nullptr;
  for (const NodeView* replica : ReplicasOf(view)) {
    if (WhyReplicaNotVerified(view, *replica, policy)) continue;
    // One that is to go in the end takes over only when nobody else can.
    const auto rank = [&](const NodeView& node) { return std::pair(IsToGo(view, node), WasAdded(view, node)); };
    if (successor == nullptr || rank(*replica) < rank(*successor)) successor = replica;
  }
  if (successor == nullptr) return Waiting{"no replica can take over", kLookAgain};
  return SwitchPrimary{successor->planned.name, view.shard->epoch.Next(), successor->facts->starts,
                       PrimaryOf(view)->facts->starts};
}

// When the way back is taken, what is well goes last.
struct Next {
  const NodeView* down = nullptr;
  const NodeView* well = nullptr;
  const NodeView* get() const { return down != nullptr ? down : well; }
};

}  // namespace

// The way back is open as long as nobody writes to what is made of the new, as far as is planned: a primary that is not
// heard may have been written to.
bool MayGoBack(const ClusterView& view) {
  if (GoesBack(view) || !view.operation->before) return false;
  if (IsReboot(view) || IsMoving(view)) return true;
  if (!IsRebuilt(view)) {
    return Relocates(view) || view.operation->before_replicas != view.cluster.spec.replicas_per_shard;
  }
  const NodeView& primary = *PrimaryOf(view);
  const bool is_old =
      IsUpdate(view) ? model::IsAsBefore(primary.planned, *view.operation) : !IsPlannedSo(view, primary);
  return is_old || (primary.facts && primary.facts->renewal < primary.planned.renewal);
}

// Without a replica there is nobody to fail over to.
model::ClusterSpec DefinitionBefore(const ClusterView& view) {
  model::ClusterSpec spec = model::WithBuild(view.cluster.spec, *view.operation->before);
  spec.replicas_per_shard = view.operation->before_replicas;
  if (Relocates(view)) {
    spec.port = view.operation->before_port;
    spec.subnet_group = view.operation->before_subnet_group;
  }
  const bool alone = spec.replicas_per_shard == 0;
  spec.automatic_failover = spec.automatic_failover && !alone;
  spec.multi_az = spec.multi_az && !alone;
  return spec;
}

std::optional<Step> GiveUp(const ClusterView& view, const NodeView& node, const std::string& finding,
                           const Policy& policy) {
  // One that was in sync since it was made anew has shown that it can be.
  const bool by_this = node.planned.recovering && node.since_renewal <= view.operation_age;
  if (!by_this || !node.facts || IsSilent(node, policy) || !MayGoBack(view)) return std::nullopt;
  const std::string given_up = WhyGivenUp(view, node, finding);
  if (given_up.empty()) return std::nullopt;
  if (view.operation->reboots.contains(node.planned.incarnation)) {
    return GoBack{fmt::format("{} did not come up again: {}", node.planned.name, given_up)};
  }
  return GoBack{fmt::format("{} did not come up with {} {}: {}", node.planned.name, node.planned.engine,
                            node.planned.image_version, given_up)};
}

bool GoesBack(const ClusterView& view) { return !view.operation->failure.empty(); }

bool IsRolling(const ClusterView& view) { return view.operation && model::IsRolling(*view.operation); }

bool IsRebuilt(const ClusterView& view) {
  const auto& before = view.operation->before;
  if (IsRolling(view) && IsUpdate(view)) return true;
  return before && model::Remakes(*before, model::BuildOf(view.cluster.spec));
}

bool IsRenewed(const ClusterView& view, const NodeView& node) {
  return IsPlannedSo(view, node) && node.facts && node.facts->renewal == node.planned.renewal;
}

std::optional<Step> DecideCancel(const ClusterView& view) {
  if (!IsRolling(view) || !view.operation->cancelled || !MayGoBack(view)) return std::nullopt;
  return GoBack{"it was cancelled"};
}

std::optional<Step> EndUnverified(const ClusterView& view, const Policy& policy) {
  if (!IsRolling(view) || !GoesBack(view) || !IsPlannedSo(view, *PrimaryOf(view))) return std::nullopt;
  if (std::cmp_not_equal(view.nodes.size(), WantedNodes(view))) return std::nullopt;
  std::string unwell;
  for (const NodeView* replica : ReplicasOf(view)) {
    if (!IsPlannedSo(view, *replica)) return std::nullopt;
    const auto finding = WhyReplicaNotVerified(view, *replica, policy);
    if (!finding) continue;
    const bool silent = IsSilent(*replica, policy) || !replica->facts;
    if (finding->soft || (!silent && WhyGivenUp(view, *replica, finding->reason).empty())) return std::nullopt;
    unwell = finding->reason;
  }
  if (unwell.empty()) return std::nullopt;
  return FailOperation{view.operation->failure, unwell};
}

std::optional<Step> DecideRolling(const ClusterView& view, const Policy& policy) {
  if (!IsRolling(view)) return std::nullopt;
  if (view.shard->attached != view.shard->epoch) return std::nullopt;
  const bool primary_renewed = IsRenewed(view, *PrimaryOf(view));
  Next next;
  for (const NodeView* replica : ReplicasOf(view)) {
    const auto finding = WhyReplicaNotVerified(view, *replica, policy);
    const bool planned = IsPlannedSo(view, *replica);
    if (planned && finding) {
      return GiveUp(view, *replica, finding->reason, policy).value_or(Waiting{finding->reason, policy.recheck});
    }
    // What is older may be unable to follow a primary that is made of the new; what is newer and did not come up, to
    // run at all; and a reboot may be what it needs.
    const bool heard = !IsSilent(*replica, policy);
    const bool stays_down = primary_renewed || GoesBack(view) || (IsReboot(view) && heard) ||
                            (Leaves(view, *replica) && (heard || IsLost(*replica, policy)));
    if (finding && !stays_down) return Waiting{finding->reason, policy.recheck};
    const NodeView*& first = finding ? next.down : next.well;
    if (!planned && first == nullptr) first = replica;
  }
  if (next.get() != nullptr && Leaves(view, *next.get())) return Remove(view, *next.get());
  if (next.get() != nullptr) return Renew(view, *next.get(), policy);
  if (!primary_renewed) return HandOver(view, policy);
  return std::nullopt;
}

std::optional<Step> DecideWithoutPrimary(const ClusterView& view, const Policy& policy) {
  if (!IsRolling(view)) return std::nullopt;
  for (const NodeView* replica : ReplicasOf(view)) {
    if (!replica->facts || IsSilent(*replica, policy) || !replica->planned.recovering) continue;
    if (IsPlannedSo(view, *replica)) {
      if (auto step = GiveUp(view, *replica, "it is not in sync", policy)) return step;
    } else if (const std::string image = TargetOf(view, *replica);
               GoesBack(view) && !image.empty() && replica->facts->process == ProcessState::kStopped) {
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
