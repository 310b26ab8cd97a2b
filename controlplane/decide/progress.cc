#include "controlplane/decide/progress.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/handover.h"
#include "controlplane/decide/moving.h"
#include "controlplane/decide/operations.h"
#include "controlplane/decide/rolling.h"
#include "controlplane/decide/scaling.h"
#include "controlplane/decide/stopping.h"
#include "controlplane/decide/verify.h"

namespace cacheplane::decide {
namespace {

// How far a stage is: in words, and as a part of it where that can be told.
struct Extent {
  Extent(const char* words) : text(words) {}             // NOLINT(google-explicit-constructor): words alone will do
  Extent(std::string words) : text(std::move(words)) {}  // NOLINT(google-explicit-constructor)
  Extent(std::string words, double so_far) : text(std::move(words)), part(so_far) {}

  std::string text;
  double part = 0;
};

struct Stage {
  const char* name;
  bool done = false;
  Extent extent;
};

Extent CountOf(std::ptrdiff_t done, std::size_t all, const char* what) {
  const double part = all == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(all);
  return {fmt::format("{} of {} {}", done, all, what), std::min(part, 1.0)};
}

// Of a count that does not begin at nothing.
std::string WordsOf(std::ptrdiff_t done, std::size_t all, const char* what) { return CountOf(done, all, what).text; }

Stage Replication(const ClusterView& view, const Policy& policy) {
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  const auto synced = std::count_if(replicas.begin(), replicas.end(), [&](const NodeView* replica) {
    return !WhyReplicaNotVerified(view, *replica, policy);
  });
  const bool done = !view.nodes.empty() && synced == std::ssize(replicas);
  return {"synchronise replicas", done, CountOf(synced, replicas.size(), "replicas in sync")};
}

Stage Starting(const ClusterView& view) {
  const auto running = std::count_if(view.nodes.begin(), view.nodes.end(), [](const NodeView& node) {
    return node.facts && node.facts->process == model::ProcessState::kRunning;
  });
  const bool done = !view.nodes.empty() && running == std::ssize(view.nodes);
  return {"start engines", done, CountOf(running, view.nodes.size(), "engines answer")};
}

std::vector<Stage> CreationStages(const ClusterView& view, const Policy& policy) {
  const bool placed = !view.nodes.empty();
  const bool open = placed && !WhyPrimaryNotVerified(view, policy);
  const bool published = placed && view.endpoints.front().version > 0;
  return {{"place nodes", placed,
           CountOf(std::ssize(view.nodes), static_cast<std::size_t>(model::NodesPerShard(view.cluster.spec)),
                   "nodes placed")},
          Starting(view),
          {"open primary", open, ""},
          Replication(view, policy),
          {"publish endpoints", published && !WhyNotServed(view), ""}};
}

// Nodes on lost hosts are not waited for.
Stage Erasing(const ClusterView& view, const Policy& policy) {
  std::vector<std::string> left;
  std::ptrdiff_t erased = 0;
  for (const NodeView& node : view.nodes) {
    const bool gone = node.facts && node.facts->process == model::ProcessState::kErased;
    if (gone) ++erased;
    if (!gone && IsLost(node, policy)) left.push_back(node.planned.name.str());
  }
  Extent extent = CountOf(erased, view.nodes.size(), "nodes erased");
  if (!left.empty()) extent.text += fmt::format("; once their hosts are back: {}", fmt::join(left, ", "));
  return {"erase nodes", erased + std::ssize(left) == std::ssize(view.nodes), extent};
}

std::vector<Stage> DeletionStages(const ClusterView& view, const Policy& policy) {
  const bool withdrawn = LeadsNowhere(view);
  return {{"withdraw endpoints", withdrawn, ""}, Erasing(view, policy)};
}

std::vector<Stage> StopStages(const ClusterView& view) {
  const bool withdrawn = LeadsNowhere(view);
  const auto stopped = std::count_if(view.nodes.begin(), view.nodes.end(), IsStopped);
  return {{"withdraw endpoints", withdrawn, ""},
          {"stop engines, their data saved", stopped == std::ssize(view.nodes),
           CountOf(stopped, view.nodes.size(), "engines stopped")}};
}

std::vector<Stage> StartStages(const ClusterView& view, const Policy& policy) {
  return {Starting(view),
          {"open primary", !WhyPrimaryNotVerified(view, policy), ""},
          Replication(view, policy),
          {"publish endpoints", !LeadsNowhere(view) && !WhyNotServed(view), ""}};
}

std::string PauseOf(const ClusterView& view) {
  const std::int64_t pause = WritePauseUs(view);
  return pause == 0 ? "" : fmt::format("writes were paused for {:.1f} ms", static_cast<double>(pause) / 1000);
}

std::vector<Stage> ChangeStages(const ClusterView& view, const Policy& policy) {
  const bool planned = view.operation->kind == model::OperationKind::kSwitchover;
  const bool reached = IsReached(view) && !WhyPrimaryNotVerified(view, policy);
  const std::string detail = reached && planned ? PauseOf(view) : "";
  return {{planned ? "hand over" : "end the primary and promote a replica", reached, detail},
          Replication(view, policy),
          {"lead clients to the primary", reached && !WhyNotServed(view), ""}};
}

Stage Renewal(const ClusterView& view, const Policy& policy) {
  const auto renewed =
      std::count_if(view.nodes.begin(), view.nodes.end(), [&](const NodeView& node) { return IsRenewed(view, node); });
  return {"renew nodes", renewed == std::ssize(view.nodes) && !WhyNotVerified(view, policy),
          CountOf(renewed, view.nodes.size(),
                  fmt::format("nodes run {} {}", view.cluster.spec.engine, view.cluster.spec.engine_version).c_str())};
}

std::vector<Stage> MoveStages(const ClusterView& view, const Policy& policy) {
  std::vector<std::string> left;
  for (const NodeView& node : view.nodes) {
    if (Leaves(view, node)) left.push_back(fmt::format("{} on {}", node.planned.name, node.planned.agent));
  }
  std::string detail = left.empty() ? PauseOf(view) : fmt::format("still to leave: {}", fmt::join(left, ", "));
  return {{"move nodes", left.empty() && std::cmp_equal(view.nodes.size(), WantedNodes(view)), std::move(detail)},
          Replication(view, policy),
          {"lead clients to all of them", !WhyNotServed(view), ""}};
}

std::vector<Stage> RollingStages(const ClusterView& view, const Policy& policy) {
  const std::vector<const NodeView*> replicas = ReplicasOf(view);
  const auto is_renewed = [&](const NodeView* node) { return IsRenewed(view, *node); };
  const bool handed_over = IsRenewed(view, *PrimaryOf(view)) && !IsHandingOver(view);
  const auto follows = [&](const NodeView* replica) {
    return IsRenewed(view, *replica) && !WhyReplicaNotVerified(view, *replica, policy);
  };
  const bool tried = IsRenewed(view, *PrimaryOf(view)) || std::any_of(replicas.begin(), replicas.end(), follows);
  Stage all = Renewal(view, policy);
  const auto wanted = static_cast<std::size_t>(NeededNodes(view));
  const auto verified = std::count_if(replicas.begin(), replicas.end(), [&](const NodeView* replica) {
    return !WhyReplicaNotVerified(view, *replica, policy);
  });
  if (!IsRebuilt(view) && Relocates(view)) return MoveStages(view, policy);
  if (!IsRebuilt(view)) {
    return {{"add nodes", view.nodes.size() >= wanted && verified == std::ssize(replicas),
             WordsOf(verified + 1, std::max(wanted, view.nodes.size()), "nodes in sync")},
            {"remove nodes", view.nodes.size() <= wanted, WordsOf(std::ssize(view.nodes), wanted, "nodes")},
            {"lead clients to all of them", !WhyNotServed(view), ""}};
  }
  const bool replicas_done = handed_over || std::all_of(replicas.begin(), replicas.end(), is_renewed);
  return {{"add nodes", view.nodes.size() >= wanted || handed_over,
           WordsOf(std::ssize(view.nodes), std::max(wanted, view.nodes.size()), "nodes")},
          {"renew the first replica, and see it follow", tried, ""},
          {"renew the other replicas", tried && replicas_done, all.extent},
          {"hand over", handed_over, handed_over ? PauseOf(view) : ""},
          {"renew or remove the former primary", all.done && view.nodes.size() == wanted, all.extent.text},
          {"lead clients to all of them", !WhyNotServed(view), ""}};
}

Extent Restarted(const ClusterView& view) {
  std::ptrdiff_t restarted = 0;
  for (const auto& [incarnation, renewal] : view.operation->reboots) {
    const NodeView* node = NodeOf(view, incarnation);
    const bool gave_way = node != nullptr && node->planned.renewal > renewal && node->facts;
    if (node == nullptr || (gave_way && node->facts->renewal == node->planned.renewal)) ++restarted;
  }
  return CountOf(restarted, view.operation->reboots.size(), "nodes restarted");
}

std::vector<Stage> RebootStages(const ClusterView& view, const Policy& policy) {
  const std::string pause = PauseOf(view);
  const bool done =
      std::all_of(view.nodes.begin(), view.nodes.end(), [&](const NodeView& node) { return IsRenewed(view, node); });
  Extent restarted = Restarted(view);
  if (!pause.empty()) restarted.text += "; " + pause;
  return {{"restart nodes", done, std::move(restarted)},
          Replication(view, policy),
          {"lead clients to all of them", !WhyNotServed(view), ""}};
}

std::vector<Stage> StagesBack(const ClusterView& view, const Policy& policy) {
  const auto wanted = static_cast<std::size_t>(WantedNodes(view));
  const auto back =
      std::count_if(view.nodes.begin(), view.nodes.end(), [&](const NodeView& node) { return IsRenewed(view, node); });
  const bool all = view.nodes.size() == wanted && back == std::ssize(view.nodes);
  const bool reboot = view.operation->kind == model::OperationKind::kRebootCluster;
  const bool modifies = view.operation->kind == model::OperationKind::kModifyCluster ||
                        view.operation->kind == model::OperationKind::kUpdateNodes;
  return {!modifies ? Stage{"leave the rest alone", view.nodes.size() == wanted, reboot ? Restarted(view) : Extent("")}
                    : Stage{"put nodes back", all, CountOf(back, wanted, "nodes as defined")},
          Replication(view, policy),
          {"lead clients to all of them", !WhyNotServed(view), ""}};
}

std::vector<Stage> StagesOf(const ClusterView& view, const Policy& policy) {
  if (IsRolling(view) && GoesBack(view)) return StagesBack(view, policy);
  switch (view.operation->kind) {
    case model::OperationKind::kDeleteCluster: return DeletionStages(view, policy);
    case model::OperationKind::kSwitchover:
    case model::OperationKind::kTestFailover: return ChangeStages(view, policy);
    case model::OperationKind::kModifyCluster:
    case model::OperationKind::kUpdateNodes: return RollingStages(view, policy);
    case model::OperationKind::kRebootCluster: return RebootStages(view, policy);
    case model::OperationKind::kMoveNodes: return MoveStages(view, policy);
    case model::OperationKind::kStopCluster:
      return IsStopCancelled(view) ? StartStages(view, policy) : StopStages(view);
    case model::OperationKind::kStartCluster: return StartStages(view, policy);
    case model::OperationKind::kCreateCluster: break;
  }
  return CreationStages(view, policy);
}

std::string ReasonOf(const Step& step) {
  if (const auto* waiting = std::get_if<Waiting>(&step)) return waiting->reason;
  if (const auto* blocked = std::get_if<Blocked>(&step)) return blocked->reason;
  return {};
}

// Stages before the first unfinished one are done, that one runs, the rest are pending.
model::Progress FromStages(const std::vector<Stage>& stages) {
  model::Progress progress;
  bool reached = true;
  double done = 0;
  for (const Stage& stage : stages) {
    const bool finished = reached && stage.done;
    const model::StepStatus status = finished  ? model::StepStatus::kDone
                                     : reached ? model::StepStatus::kRunning
                                               : model::StepStatus::kPending;
    progress.steps.push_back({stage.name, status, reached ? stage.extent.text : ""});
    if (reached) done += finished ? 1.0 : stage.extent.part;
    reached = finished;
  }
  progress.percent = static_cast<int>(done * 100 / static_cast<double>(stages.size()));
  return progress;
}

}  // namespace

std::optional<WallTime> ExpectedEnd(const model::Operation& operation, WallTime now) {
  const int percent = operation.progress.percent;
  const WallTime begun = model::BegunAt(operation);
  if (percent <= 0 || percent >= 100 || now <= begun) return std::nullopt;
  return begun + (now - begun) * 100 / percent;
}

std::int64_t WritePauseUs(const ClusterView& view) {
  for (const NodeView* replica : ReplicasOf(view)) {
    const bool handed_over = replica->facts && replica->facts->handed_over == view.operation->handover_epoch;
    if (handed_over && replica->facts->handover_us > 0) return replica->facts->handover_us;
  }
  return view.operation->write_pause_us;
}

model::Progress DescribeProgress(const ClusterView& view, const Step& step, const Policy& policy) {
  model::Progress progress = FromStages(StagesOf(view, policy));
  progress.reason = ReasonOf(step);
  return progress;
}

model::Progress DescribeSuccess(const ClusterView& view, const Policy& policy) {
  model::Progress progress{.percent = 100, .steps = {}, .reason = ""};
  for (const Stage& stage : StagesOf(view, policy)) {
    progress.steps.push_back({stage.name, model::StepStatus::kDone, stage.extent.text});
  }
  return progress;
}

}  // namespace cacheplane::decide
