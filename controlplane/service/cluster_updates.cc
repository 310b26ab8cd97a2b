#include "controlplane/service/cluster_updates.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "controlplane/model/update.h"

namespace cacheplane::service {
namespace {

using model::Operation;
using model::OperationStatus;

constexpr std::chrono::hours kTold{7 * 24};

// Reads one cluster's rows.
class Reader {
 public:
  Reader(const model::Cluster& cluster, const std::vector<NodeDetails>& nodes, const std::vector<model::Host>& hosts,
         const std::vector<Operation>& operations, WallTime now)
      : cluster_(cluster), hosts_(hosts) {
    for (const NodeDetails& node : nodes) {
      if (node.node.intent != model::Intent::kErase) nodes_.push_back(&node);
    }
    for (const Operation& operation : operations) {
      if (IsToldUpdate(operation, now)) updates_.push_back(&operation);
    }
  }

  std::vector<ClusterUpdate> Read() const {
    std::set<std::string> versions;
    for (const NodeDetails* node : nodes_) AddImagesOf(node->node, versions);
    for (const Operation* update : updates_) versions.insert(update->update_to);
    std::vector<ClusterUpdate> updates;
    for (const std::string& version : versions) {
      ClusterUpdate update = Describe(version);
      if (update.is_open || update.operation) updates.push_back(std::move(update));
    }
    return updates;
  }

 private:
  bool IsToldUpdate(const Operation& operation, WallTime now) const {
    return operation.kind == model::OperationKind::kUpdateNodes && operation.cluster == cluster_.uid &&
           operation.before && operation.before->engine == cluster_.spec.engine &&
           model::IsPatchLevelOf(operation.update_to, cluster_.spec.engine_version) &&
           (!operation.ended || *operation.ended > now - kTold);
  }

  // Patch levels that the node's host has.
  void AddImagesOf(const model::Node& node, std::set<std::string>& versions) const {
    for (const model::Host& host : hosts_) {
      if (host.agent != node.agent) continue;
      for (const model::Image& image : host.images) {
        const bool is_one =
            image.engine == cluster_.spec.engine && model::IsPatchLevelOf(image.version, cluster_.spec.engine_version);
        if (is_one) versions.insert(image.version);
      }
    }
  }

  // The latest that began with a node that was older.
  const Operation* UpdateTo(const std::string& version) const {
    for (const Operation* update : updates_) {
      const bool older = std::any_of(update->images_before.begin(), update->images_before.end(),
                                     [&](const auto& before) { return model::IsNewer(version, before.second); });
      if (older && !model::IsNewer(version, update->update_to)) return update;
    }
    return nullptr;
  }

  ClusterUpdate Describe(const std::string& version) const {
    const Operation* operation = UpdateTo(version);
    ClusterUpdate update{.cluster = cluster_, .level = {cluster_.spec.engine, version}, .nodes = {}, .operation = {}};
    if (operation != nullptr) update.operation = *operation;
    for (const NodeDetails* node : Counted(operation)) {
      if (!IsPlanned(*node, version) && !CouldTake(node->node, version)) continue;
      update.nodes.push_back(DescribeNodeUpdate(*node, version, operation));
      if (HasIt(*node, version, operation)) ++update.updated;
    }
    update.is_open = std::any_of(nodes_.begin(), nodes_.end(),
                                 [&](const NodeDetails* node) { return CouldTake(node->node, version); });
    // Also while the last node that could is being made anew.
    update.is_open = update.is_open || (operation != nullptr && operation->status == OperationStatus::kRunning);
    update.on_hosts = std::any_of(hosts_.begin(), hosts_.end(), [&](const model::Host& host) {
      return std::find(host.images.begin(), host.images.end(), model::Image{cluster_.spec.engine, version}) !=
             host.images.end();
    });
    update.status = StatusOf(update);
    return update;
  }

  // Those that were there when the update began come first, so that one that is lent meanwhile does not count.
  std::vector<const NodeDetails*> Counted(const Operation* operation) const {
    std::vector<const NodeDetails*> counted = nodes_;
    if (operation == nullptr || operation->status != OperationStatus::kRunning) return counted;
    const auto wanted = static_cast<std::size_t>(model::NodesPerShard(cluster_.spec));
    std::stable_partition(counted.begin(), counted.end(), [&](const NodeDetails* node) {
      return operation->images_before.contains(node->node.incarnation);
    });
    counted.resize(std::min(counted.size(), wanted));
    std::sort(counted.begin(), counted.end(),
              [](const auto* a, const auto* b) { return a->node.ordinal < b->node.ordinal; });
    return counted;
  }

  bool CouldTake(const model::Node& node, const std::string& version) const {
    const std::string newest = model::UpdateFor(cluster_.spec, node, hosts_);
    return model::IsNewer(version, node.image_version) && !newest.empty() && !model::IsNewer(version, newest);
  }

  static bool IsPlanned(const NodeDetails& node, const std::string& version) {
    return !model::IsNewer(version, node.node.image_version);
  }

  // While it runs, what a process says counts; afterwards one that is down for a moment has it all the same.
  static bool HasIt(const NodeDetails& node, const std::string& version, const Operation* operation) {
    if (!IsPlanned(node, version)) return false;
    if (operation == nullptr || operation->status != OperationStatus::kRunning) return true;
    return !node.engine_version.empty() && !model::IsNewer(version, node.engine_version);
  }

  static bool GoesBack(const Operation& operation) { return operation.cancelled || !operation.failure.empty(); }

  static UpdateStatus NodeStatusOf(const NodeDetails& node, const std::string& version, const Operation* operation) {
    const bool has_it = HasIt(node, version, operation);
    if (operation == nullptr) return has_it ? UpdateStatus::kComplete : UpdateStatus::kNotApplied;
    if (operation->status != OperationStatus::kRunning) {
      const bool failed = operation->status == OperationStatus::kFailed;
      if (has_it) return UpdateStatus::kComplete;
      return failed ? UpdateStatus::kStopped : UpdateStatus::kNotApplied;
    }
    const bool planned = IsPlanned(node, version);
    if (GoesBack(*operation)) return planned ? UpdateStatus::kStopping : UpdateStatus::kStopped;
    if (has_it) return UpdateStatus::kComplete;
    return planned ? UpdateStatus::kInProgress : UpdateStatus::kWaitingToStart;
  }

  static NodeUpdate DescribeNodeUpdate(const NodeDetails& node, const std::string& version,
                                       const Operation* operation) {
    NodeUpdate update{node.node.name, NodeStatusOf(node, version, operation), std::nullopt};
    const WallTime made = std::max(node.node.renewed_at, node.node.joined_at);
    if (operation != nullptr && IsPlanned(node, version) && made >= model::BegunAt(*operation)) update.started = made;
    return update;
  }

  static UpdateStatus StatusOf(const ClusterUpdate& update) {
    const bool all = !update.nodes.empty() && update.updated == static_cast<int>(update.nodes.size());
    if (!update.operation) return all ? UpdateStatus::kComplete : UpdateStatus::kNotApplied;
    switch (update.operation->status) {
      case OperationStatus::kQueued:
      case OperationStatus::kRunning: break;
      case OperationStatus::kSucceeded: return all ? UpdateStatus::kComplete : UpdateStatus::kNotApplied;
      case OperationStatus::kFailed: return all ? UpdateStatus::kComplete : UpdateStatus::kStopped;
    }
    if (GoesBack(*update.operation)) return UpdateStatus::kStopping;
    const bool waits = std::all_of(update.nodes.begin(), update.nodes.end(), [&](const NodeUpdate& node) {
      return !node.started && node.status != UpdateStatus::kInProgress;
    });
    return waits ? UpdateStatus::kWaitingToStart : UpdateStatus::kInProgress;
  }

  const model::Cluster& cluster_;
  const std::vector<model::Host>& hosts_;
  std::vector<const NodeDetails*> nodes_;  // by ordinal
  std::vector<const Operation*> updates_;  // newest first
};

}  // namespace

std::string NameOf(const PatchLevel& level) { return fmt::format("{}-{}", level.engine, level.version); }

std::string MinorOf(const PatchLevel& level) { return level.version.substr(0, level.version.rfind('.')); }

std::string_view UpdateStatusName(UpdateStatus status) {
  switch (status) {
    case UpdateStatus::kNotApplied: return "not-applied";
    case UpdateStatus::kWaitingToStart: return "waiting-to-start";
    case UpdateStatus::kInProgress: return "in-progress";
    case UpdateStatus::kStopping: return "stopping";
    case UpdateStatus::kStopped: return "stopped";
    case UpdateStatus::kComplete: return "complete";
  }
  return "";
}

std::vector<ClusterUpdate> UpdatesOf(const model::Cluster& cluster, const std::vector<NodeDetails>& nodes,
                                     const std::vector<model::Host>& hosts,
                                     const std::vector<model::Operation>& operations, WallTime now) {
  if (cluster.status == model::ClusterStatus::kDeleting) return {};
  return Reader(cluster, nodes, hosts, operations, now).Read();
}

}  // namespace cacheplane::service
