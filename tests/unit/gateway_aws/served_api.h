// The whole API over a small installation: "orders", three members of Valkey 8.0 in three zones, the parameter group
// "mine" and the subnet group "narrow". Every step of the endpoint is the real one, but for the caller, who is whoever
// he says he is.
#pragma once

#include <string>

#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/service/catalog_service.h"
#include "controlplane/service/event_service.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/parameter_group_service.h"
#include "controlplane/service/update_service.h"
#include "tests/unit/gateway_aws/endpoint_fixture.h"
#include "tests/unit/gateway_aws/stored.h"
#include "tests/unit/reconcile/installation.h"
#include "tests/unit/service/ordered_trials.h"

namespace cacheplane::gateway::aws {

// Knows the keys that are a role's name, whatever the time.
class RoleKeys final : public Authenticator {
 public:
  std::variant<Identity, Fault> Authenticate(const HttpRequest& request, WallTime now) override;
};

class ServedApi {
 public:
  ServedApi();

  // Throws unless exactly one answer came.
  HttpResponse Send(HttpRequest request);
  // A form, as an admin's in us-east-2; the version of the API is added when it has none.
  HttpResponse Post(const std::string& body);
  // The same; throws for a refusal.
  void MustPost(const std::string& body);
  // An image of Valkey, on each of them.
  void HostsGet(const std::string& version);
  void Pass(int seconds) { installation_.Pass(std::chrono::seconds(seconds)); }

  Stored Contents() { return StoredIn(world().store); }
  WallTime Now() const { return installation_.world.clock.Now(); }
  service::World& world() { return installation_.world; }
  AwsEndpoint& endpoint() { return endpoint_; }
  const HandlerTable& table() const { return table_; }

 private:
  reconcile::Installation installation_{{{"host-a", "us-east-1a"}, {"host-b", "us-east-1b"}, {"host-c", "us-east-1c"}}};
  service::OrderedTrials trials_;
  service::NetworkService networks_{world().store, world().signals, world().clock};
  service::ParameterGroupService parameter_groups_{
      world().store, world().facts, trials_, {world().signals, world().signals}, world().clock};
  service::CatalogService catalog_{world().store};
  service::EventService events_{world().store};
  service::UpdateService updates_{world().store, world().facts, world().clock};
  Services services_{world().clusters, networks_,          parameter_groups_, catalog_,
                     events_,          world().operations, updates_,          world().clock};
  RoleKeys keys_;
  HandlerTable table_ = BuildTable(services_);
  service::AuditTrail trail_{world().store, world().clock};
  AwsEndpoint endpoint_{{keys_, world().clock, table_, trail_}};
};

}  // namespace cacheplane::gateway::aws
