#include "controlplane/model/plan.h"

#include <algorithm>

namespace cacheplane::model {

bool IsAttached(const Shard& shard) { return shard.attached >= shard.detached; }

bool Follows(const Node& replica, const Shard& shard) {
  return shard.attached >= std::max(shard.detached, replica.joined);
}

bool HoldsPermit(const Node& node, const Shard& shard) {
  return node.role == Role::kPrimary && node.boot.value == shard.epoch.value && shard.attached < shard.epoch;
}

std::string_view RoleName(Role role) { return role == Role::kPrimary ? "primary" : "replica"; }

std::string_view EndpointKindName(EndpointKind kind) { return kind == EndpointKind::kPrimary ? "primary" : "reader"; }

}  // namespace cacheplane::model
