#include "controlplane/decide/cluster.h"

#include <algorithm>

#include "controlplane/decide/deletion.h"
#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/placement.h"
#include "controlplane/decide/primary.h"
#include "controlplane/decide/verify.h"

namespace cacheplane::decide {
namespace {

using model::ClusterStatus;

std::optional<Step> AttachIfOpened(const ClusterView& view, bool primary_verified) {
  if (primary_verified && view.shard->attached != view.shard->epoch) return AttachReplicas{view.shard->epoch};
  return std::nullopt;
}

// A verified cluster stays available for want of news; anything worse makes it impaired.
Step Unverified(const ClusterView& view, const Finding& finding, const Policy& policy) {
  if (view.cluster.status == ClusterStatus::kAvailable && !finding.soft) {
    return SetStatus{ClusterStatus::kImpaired, finding.reason};
  }
  return Waiting{finding.reason, policy.recheck};
}

Step Verified(const ClusterView& view, const Policy& policy) {
  if (view.cluster.status == ClusterStatus::kAvailable) return Converged{};
  if (auto reason = WhyNotServed(view)) return Waiting{*reason, policy.recheck};
  return SetStatus{ClusterStatus::kAvailable, ""};
}

Step DecideRunning(const ClusterView& view, const Policy& policy) {
  const std::optional<Finding> primary = WhyPrimaryNotVerified(view, policy);
  std::optional<Step> repair;
  if (primary) repair = DecidePrimary(view);
  if (repair && !std::holds_alternative<Blocked>(*repair)) return *repair;
  if (auto step = AttachIfOpened(view, !primary)) return *step;
  const std::optional<Finding> finding = WhyNotVerified(view, policy);
  if (auto step = DecideEndpoints(view, policy)) return *step;
  if (repair && view.cluster.status == ClusterStatus::kImpaired) return *repair;
  if (repair) return SetStatus{ClusterStatus::kImpaired, std::get<Blocked>(*repair).reason};
  if (finding) return Unverified(view, *finding, policy);
  return Verified(view, policy);
}

}  // namespace

Step DecideCluster(const ClusterView& view, const Policy& policy) {
  if (view.cluster.status == ClusterStatus::kDeleting) return DecideDeletion(view, policy);
  if (view.nodes.empty()) return std::visit([](auto step) { return Step(std::move(step)); }, DecidePlacement(view));
  return DecideRunning(view, policy);
}

}  // namespace cacheplane::decide
