#include "controlplane/model/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/check.h"

namespace cacheplane::model {

Shard Detach(Shard shard, Epoch epoch) {
  CP_CHECK(shard.epoch <= epoch);
  shard.epoch = shard.detached = epoch;
  return shard;
}

Shard BeginReign(Shard shard, Epoch epoch, const NodeName& former, bool proven) {
  shard = Detach(std::move(shard), epoch);
  shard.handover = {};
  shard.held = false;
  shard.former = former;
  shard.proven = proven;
  return shard;
}

Shard SeenOpen(Shard shard, Epoch epoch) {
  shard.attached = epoch;
  shard.handover = {};
  shard.held = false;
  shard.former = {};
  shard.proven = true;
  return shard;
}

bool IsAttached(const Shard& shard) { return shard.attached >= shard.detached; }

bool Follows(const Node& replica, const Shard& shard) {
  return shard.attached >= std::max(shard.detached, replica.joined);
}

bool IsJoining(const Node& node) {
  return node.joined.value > 0 && node.recovering && node.renewed_at <= node.joined_at;
}

bool IsMadeSo(const Node& node, std::string_view engine, std::string_view version, std::int64_t memory_bytes) {
  return node.engine == engine && node.image_version.starts_with(fmt::format("{}.", version)) &&
         node.memory_bytes == memory_bytes;
}

bool KeepsFormerProcess(const Node& node, std::uint64_t renewal) {
  return node.role == Role::kPrimary && renewal < node.renewal;
}

bool HoldsPermit(const Node& node, const Shard& shard) {
  return node.role == Role::kPrimary && node.boot.value == shard.epoch.value && shard.attached < shard.epoch;
}

std::string_view RoleName(Role role) { return role == Role::kPrimary ? "primary" : "replica"; }

std::string_view EndpointKindName(EndpointKind kind) { return kind == EndpointKind::kPrimary ? "primary" : "reader"; }

}  // namespace cacheplane::model
