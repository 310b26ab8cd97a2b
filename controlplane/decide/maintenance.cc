#include "controlplane/decide/maintenance.h"

namespace cacheplane::decide {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kANode{60'000};
// Saved, loaded and received once more, at a tenth of the speed measured.
constexpr std::int64_t kBytesPerSecond = 5LL << 20;

}  // namespace

std::optional<Step> DecideMaintenance(const ClusterView& view) {
  if (!view.cluster.pending || view.window_left < EstimateRenewal(view)) return std::nullopt;
  return StartPending{*view.cluster.pending};
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
