#include "nodeagent/router/proto_convert.h"

#include "cacheplane/agent/v1/router.pb.h"

namespace cacheplane::router {

ReceivedMap FromProto(const agent::v1::EndpointMap& message) {
  ReceivedMap received;
  received.map.version = message.version();
  for (const agent::v1::EndpointEntry& entry : message.endpoints()) {
    const auto endpoint = network::ParseSocketAddress(entry.address(), entry.port());
    if (!endpoint.ok()) {
      received.complaints.push_back("endpoint: " + endpoint.error().message);
      continue;
    }
    network::Targets& targets = received.map.endpoints[*endpoint];
    for (const agent::v1::EndpointTarget& each : entry.targets()) {
      auto target = network::ParseSocketAddress(each.address(), each.port());
      if (target.ok()) {
        targets.push_back(std::move(*target));
      } else {
        received.complaints.push_back("target of " + ToText(*endpoint) + ": " + target.error().message);
      }
    }
    if (!entry.has_armed()) continue;
    auto armed = network::ParseSocketAddress(entry.armed().target().address(), entry.armed().target().port());
    if (armed.ok()) {
      received.map.armed[*endpoint] = {std::move(*armed), entry.armed().epoch()};
    } else {
      received.complaints.push_back("armed target of " + ToText(*endpoint) + ": " + armed.error().message);
    }
  }
  return received;
}

agent::v1::RouterSessionRequest ToProto(const std::string& router, const RouterFacts& facts) {
  agent::v1::RouterSessionRequest message;
  message.set_router(router);
  message.set_data_path(facts.data_path);
  message.set_map_version(facts.map_version);
  message.set_problem(facts.problem);
  return message;
}

}  // namespace cacheplane::router
