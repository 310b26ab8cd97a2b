// Agents, routers and the catalogue.
#include "cacheplane/v1/catalog.pb.h"
#include "cacheplane/v1/fleet.pb.h"
#include "controlplane/api/proto_convert.h"

namespace cacheplane::api {

void ToProto(const service::AgentDetails& details, v1::Agent& message) {
  message.set_name(details.host.agent.str());
  message.set_zone(details.host.zone);
  message.set_connected(details.connected);
  ToProto(details.host.last_heard, *message.mutable_last_heard_time());
  message.set_memory_bytes(details.host.memory_bytes);
  message.set_memory_reserved_bytes(details.memory_reserved_bytes);
  message.set_node_count(details.node_count);
  for (const model::Image& image : details.host.images) message.add_images(image.engine + "-" + image.version);
  message.set_version(details.host.version);
  message.set_fence(details.host.fence);
  message.set_admission(std::string(model::AdmissionName(details.host.admission)));
  message.mutable_unknown_nodes()->Assign(details.unknown_nodes.begin(), details.unknown_nodes.end());
}

void ToProto(const model::RouterFacts& router, v1::Router& message) {
  message.set_name(router.name);
  message.set_connected(router.connected);
  message.set_data_path(router.data_path);
  message.set_map_version(static_cast<std::int64_t>(router.map_version));
  ToProto(router.heard_wall, *message.mutable_last_heard_time());
}

void ToProto(const service::EngineVersionDetails& details, v1::EngineVersion& message) {
  message.set_engine(details.version.engine);
  message.set_version(details.version.version);
  message.set_parameter_group_family(details.version.family);
  message.mutable_images()->Assign(details.images.begin(), details.images.end());
  message.set_is_default(details.version.is_default);
}

void ToProto(const catalog::NodeType& type, v1::NodeType& message) {
  message.set_name(type.name);
  message.set_vcpu(type.vcpu);
  message.set_memory_bytes(type.memory_bytes);
  message.set_current_generation(type.current_generation);
}

}  // namespace cacheplane::api
