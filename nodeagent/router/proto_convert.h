// Messages of cacheplane/agent/v1/router.proto to and from values.
#pragma once

#include <string>
#include <vector>

#include "nodeagent/network/endpoint_map.h"
#include "nodeagent/router/map_keeper.h"

namespace cacheplane::agent::v1 {
class EndpointMap;
class RouterSessionRequest;
}  // namespace cacheplane::agent::v1

namespace cacheplane::router {

struct ReceivedMap {
  network::EndpointMap map;
  // Addresses that are none. Such a target is dropped, such an endpoint left out; the rest of the map counts.
  std::vector<std::string> complaints;
};

ReceivedMap FromProto(const agent::v1::EndpointMap& message);

agent::v1::RouterSessionRequest ToProto(const std::string& router, const RouterFacts& facts);

}  // namespace cacheplane::router
