#include "controlplane/decide/assignments.h"

namespace cacheplane::decide {

model::Assignment MakeAssignment(const AssignmentInputs& inputs) {
  const model::Node& node = inputs.node;
  const bool follows = node.role == model::Role::kReplica && inputs.shard.attached == inputs.shard.epoch;
  return {.node = node.name,
          .incarnation = node.incarnation,
          .intent = node.intent,
          .epoch = inputs.shard.epoch,
          .role = node.role,
          .boot = model::HoldsPermit(node, inputs.shard) ? node.boot : model::Boot{},
          .address = node.address,
          .primary = follows ? std::optional(inputs.primary) : std::nullopt,
          .engine = inputs.spec.engine,
          .image_version = node.image_version,
          .memory_bytes = node.memory_bytes,
          .parameters = {},
          .family = inputs.family,
          .internal_password = inputs.internal_password};
}

model::EndpointMap MakeEndpointMap(std::uint64_t version, const std::vector<model::Endpoint>& endpoints) {
  model::EndpointMap map{version, {}};
  for (const model::Endpoint& endpoint : endpoints) {
    if (!endpoint.targets.empty()) map.endpoints.push_back(endpoint);
  }
  return map;
}

}  // namespace cacheplane::decide
