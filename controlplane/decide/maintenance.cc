#include "controlplane/decide/maintenance.h"

#include <fmt/format.h>

#include <algorithm>

#include "controlplane/decide/hosts.h"

namespace cacheplane::decide {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kANode{60'000};
// Saved, loaded and received once more, at a tenth of the speed measured.
constexpr std::int64_t kBytesPerSecond = 5LL << 20;
// There may be hundreds of clusters in one window.
constexpr milliseconds kLookAgain{2'000};

bool DataFit(const ClusterView& view) {
  return std::all_of(view.nodes.begin(), view.nodes.end(), [&](const NodeView& node) {
    return !node.facts || node.facts->used_memory_bytes <= view.pending_data_bytes;
  });
}

// Each node is replaced where it is: what all of them there take more must fit together.
bool HostCan(const ClusterView& view, const HostView& host) {
  std::int64_t more = 0;
  for (const NodeView& node : view.nodes) {
    if (node.planned.agent == host.host.agent) more += view.pending_memory_bytes - node.planned.memory_bytes;
  }
  const bool room = more <= 0 || host.host.memory_bytes - host.reserved_bytes >= more;
  return room && !ImageFor(host.host, model::WithBuild(view.cluster.spec, *view.cluster.pending)).empty();
}

bool HostsCan(const ClusterView& view) {
  return std::all_of(view.nodes.begin(), view.nodes.end(), [&](const NodeView& node) {
    const HostView* host = HostOf(view, node.planned.agent);
    return host != nullptr && HostCan(view, *host);
  });
}

// A window that would never be long enough is used from its beginning.
bool IsTimeEnough(const ClusterView& view) {
  return view.window_left >= std::min(EstimateRenewal(view), view.window_length / 2);
}

bool HasNewerPatch(const ClusterView& view, const NodeView& node) {
  const HostView* host = HostOf(view, node.planned.agent);
  return host != nullptr && model::IsNewer(ImageFor(host->host, view.cluster.spec), node.planned.image_version);
}

// Once in a window, whatever comes of it.
std::optional<Step> DecideUpdate(const ClusterView& view) {
  if (!view.cluster.spec.auto_minor_version_upgrade || view.since_update < view.window_length) return std::nullopt;
  const auto newer = [&](const NodeView& node) { return HasNewerPatch(view, node); };
  if (std::none_of(view.nodes.begin(), view.nodes.end(), newer) || !IsTimeEnough(view)) return std::nullopt;
  return StartUpdate{};
}

// Another parameter group alone restarts nobody.
bool MakesNodesAnew(const ClusterView& view) {
  return !view.cluster.pending || model::Remakes(model::BuildOf(view.cluster.spec), *view.cluster.pending);
}

// What may begin now, but for what other clusters do.
std::optional<Step> DecideAlone(const ClusterView& view) {
  if (!view.cluster.pending) return DecideUpdate(view);
  if (!MakesNodesAnew(view))
    return DataFit(view) ? std::optional<Step>(StartPending{*view.cluster.pending}) : std::nullopt;
  if (!IsTimeEnough(view)) return std::nullopt;
  if (!HostsCan(view) || !DataFit(view)) return std::nullopt;
  return StartPending{*view.cluster.pending};
}

}  // namespace

std::optional<Step> DecideMaintenance(const ClusterView& view, const Policy& policy) {
  if (view.window_left <= milliseconds(0)) return std::nullopt;
  const std::optional<Step> step = DecideAlone(view);
  if (!step || !MakesNodesAnew(view) || view.rolling_clusters < policy.maintenance_at_once) return step;
  return Waiting{fmt::format("{} other clusters are changed first", view.rolling_clusters), kLookAgain};
}

milliseconds EstimateRenewal(const ClusterView& view) {
  milliseconds time{0};
  for (const NodeView& node : view.nodes) {
    time += kANode;
    if (node.facts) time += milliseconds(1000) * (node.facts->used_memory_bytes / kBytesPerSecond);
  }
  return time;
}

}  // namespace cacheplane::decide
