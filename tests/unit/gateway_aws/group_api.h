// The handlers of groups, cache clusters, tags and events over an installation whose hosts do at once what they are
// told.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/service/catalog_service.h"
#include "controlplane/service/event_service.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/parameter_group_service.h"
#include "controlplane/service/update_service.h"
#include "tests/unit/reconcile/installation.h"
#include "tests/unit/service/ordered_trials.h"

namespace cacheplane::gateway::aws {

inline constexpr const char* kRegion = "eu-west-3";

// As the one of the table answers; an action that is not there throws.
class GroupApi {
 public:
  explicit GroupApi(service::World& world);

  Answer Do(const std::string& action, const Json& input, const std::string& invocation_id = "");
  // The result; throws for a fault.
  Json Get(const std::string& action, const Json& input);
  // The fault; throws for a result.
  Fault Refused(const std::string& action, const Json& input);

 private:
  service::OrderedTrials trials_;
  service::NetworkService networks_;
  service::ParameterGroupService parameter_groups_;
  service::CatalogService catalog_;
  service::EventService events_;
  service::UpdateService updates_;
  Services services_;
  HandlerTable table_;
};

// Three zones, a host with Valkey 8.0 and 8.1 in each.
struct Running {
  // Creates "orders" and waits until it is available.
  explicit Running(int replicas);

  Json Group() {
    return api.Get("DescribeReplicationGroups", {{"ReplicationGroupId", "orders"}})["ReplicationGroups"][0];
  }
  Json MemberOf(const std::string& id);
  void Pass(int seconds = 3) { installation.Pass(std::chrono::seconds(seconds)); }

  reconcile::Installation installation{{{"host-a", "us-east-1a"}, {"host-b", "us-east-1b"}, {"host-c", "us-east-1c"}}};
  GroupApi api{installation.world};
};

// "orders", one node of Valkey; `more` is set over it.
Json GroupInput(const Json& more = Json::object());
// The id of "orders", in other letters, and what is asked of it.
Json OfOrders(const Json& more = Json::object());

}  // namespace cacheplane::gateway::aws
