#include "controlplane/decide/assignments.h"

#include <tuple>

#include "controlplane/model/facts.h"

namespace cacheplane::decide {

namespace {

// Whom a replica follows: the primary once it may; until then nobody, or, while a handover is under way, the node that
// still is open.
std::optional<model::Address> Followed(const AssignmentInputs& inputs) {
  if (inputs.node.role == model::Role::kPrimary) return std::nullopt;
  if (model::Follows(inputs.node, inputs.shard)) return inputs.primary;
  if (inputs.shard.held) return std::nullopt;
  if (inputs.node.incarnation == inputs.shard.handover) return inputs.primary;
  return inputs.handover;
}

bool CameBefore(const model::Node& node, const model::Node& other) {
  return std::tie(node.joined, node.ordinal) < std::tie(other.joined, other.ordinal);
}

bool MayGive(const model::Node& donor, const model::Node& joiner) {
  return donor.role == model::Role::kReplica && !donor.recovering && !donor.readers_away &&
         donor.intent == model::Intent::kRun && donor.engine == joiner.engine &&
         !model::IsNewer(donor.image_version, joiner.image_version);
}

}  // namespace

std::optional<model::Address> DonorOf(const model::Node& joiner, const model::Shard& shard,
                                      const std::vector<model::Node>& nodes) {
  const bool joins = joiner.role == model::Role::kReplica && model::IsJoining(joiner) && joiner.joined > shard.detached;
  // One of 6.0 takes up to a second to turn to its primary, and misses more than a backlog holds.
  const bool slow = joiner.image_version.starts_with("6.0.");
  if (!joins || slow || !model::Follows(joiner, shard)) return std::nullopt;
  const model::Node* donor = nullptr;
  for (const model::Node& node : nodes) {
    if (node.shard != joiner.shard || !MayGive(node, joiner)) continue;
    if (donor == nullptr || CameBefore(node, *donor)) donor = &node;
  }
  return donor == nullptr ? std::nullopt : std::optional(donor->address);
}

model::Assignment MakeAssignment(const AssignmentInputs& inputs) {
  const model::Node& node = inputs.node;
  const bool primary = node.role == model::Role::kPrimary;
  const bool hands_over = !primary && !inputs.shard.held && node.incarnation == inputs.shard.handover;
  return {.node = node.name,
          .incarnation = node.incarnation,
          .intent = node.intent,
          .epoch = inputs.shard.epoch,
          .role = node.role,
          .boot = model::HoldsPermit(node, inputs.shard) ? node.boot : model::Boot{},
          .address = node.address,
          .primary = Followed(inputs),
          .donor = inputs.donor,
          .engine = node.engine,
          .image_version = node.image_version,
          .memory_bytes = node.memory_bytes,
          .parameters = inputs.parameters,
          .family = inputs.family,
          .internal_password = inputs.internal_password,
          .condemned = node.condemned,
          .open_start = primary ? node.chosen_start : 0,
          .cut = node.cut,
          .restore = model::HoldsPermit(node, inputs.shard) ? node.restore : std::string(),
          .await_handover = primary && !inputs.shard.handover.empty(),
          .hand_over = hands_over,
          .proven = inputs.shard.proven,
          .leased = primary && !inputs.peers.empty(),
          .peers = inputs.peers,
          .renewal = node.renewal,
          .routers = hands_over ? inputs.routers : std::vector<std::string>()};
}

model::Assignment MakeErasure(const model::Abandoned& abandoned) {
  model::Assignment assignment;
  assignment.node = abandoned.node;
  assignment.incarnation = abandoned.incarnation;
  assignment.intent = model::Intent::kErase;
  assignment.address = abandoned.address;
  return assignment;
}

model::EndpointMap MakeEndpointMap(std::uint64_t version, const std::vector<model::Endpoint>& endpoints) {
  model::EndpointMap map{version, {}};
  for (const model::Endpoint& endpoint : endpoints) {
    if (!endpoint.targets.empty()) map.endpoints.push_back(endpoint);
  }
  return map;
}

}  // namespace cacheplane::decide
