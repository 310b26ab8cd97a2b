#include "controlplane/decide/progress.h"

#include <algorithm>

#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/verify.h"

namespace cacheplane::decide {
namespace {

struct Stage {
  const char* name;
  bool done = false;
  std::string detail;
};

std::string CountOf(std::ptrdiff_t done, std::size_t all, const char* what) {
  return fmt::format("{} of {} {}", done, all, what);
}

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

std::vector<Stage> DeletionStages(const ClusterView& view) {
  const auto erased = std::count_if(view.nodes.begin(), view.nodes.end(), [](const NodeView& node) {
    return node.facts && node.facts->process == model::ProcessState::kErased;
  });
  const bool withdrawn = std::all_of(view.endpoints.begin(), view.endpoints.end(),
                                     [](const model::Endpoint& endpoint) { return endpoint.targets.empty(); });
  return {{"withdraw endpoints", withdrawn, ""},
          {"erase nodes", erased == std::ssize(view.nodes), CountOf(erased, view.nodes.size(), "nodes erased")}};
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
  std::size_t done = 0;
  for (const Stage& stage : stages) {
    const bool finished = reached && stage.done;
    const model::StepStatus status = finished  ? model::StepStatus::kDone
                                     : reached ? model::StepStatus::kRunning
                                               : model::StepStatus::kPending;
    progress.steps.push_back({stage.name, status, reached ? stage.detail : ""});
    if (finished) ++done;
    reached = finished;
  }
  progress.percent = static_cast<int>(done * 100 / stages.size());
  return progress;
}

}  // namespace

model::Progress DescribeProgress(const ClusterView& view, const Step& step, const Policy& policy) {
  const bool deleting = view.operation->kind == model::OperationKind::kDeleteCluster;
  model::Progress progress = FromStages(deleting ? DeletionStages(view) : CreationStages(view, policy));
  progress.reason = ReasonOf(step);
  return progress;
}

}  // namespace cacheplane::decide
