// The whole API over a store in memory, served on a free port of 127.0.0.1, with client stubs.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "cacheplane/v1/access_key.grpc.pb.h"
#include "cacheplane/v1/catalog.grpc.pb.h"
#include "cacheplane/v1/cluster.grpc.pb.h"
#include "cacheplane/v1/event.grpc.pb.h"
#include "cacheplane/v1/fleet.grpc.pb.h"
#include "cacheplane/v1/network.grpc.pb.h"
#include "cacheplane/v1/operation.grpc.pb.h"
#include "cacheplane/v1/parameter_group.grpc.pb.h"
#include "controlplane/api/api_server.h"
#include "tests/support/grpc_kept_alive.h"
#include "tests/unit/service/ordered_faults.h"
#include "tests/unit/service/ordered_trials.h"
#include "tests/unit/service/world.h"

namespace cacheplane::api {

class Served : public testing::Test {
 protected:
  Served() {
    test::KeepGrpcAlive();
    auto started = ApiServer::Start({clusters, networks, parameter_groups, catalog, fleet, operations, events, drills,
                                     access_keys, audit, audit_trail, hub},
                                    {.address = "127.0.0.1:0", .also = {}, .configure = {}});
    if (!started.ok()) throw std::runtime_error(started.error().message);
    server = std::move(*started);
    channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(server->port()), grpc::InsecureChannelCredentials());
  }

  // A context that gives up rather than let a test hang.
  static std::unique_ptr<grpc::ClientContext> Context() {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    return context;
  }

  grpc::Status Create(const std::string& name, v1::CreateClusterResponse* response) {
    v1::CreateClusterRequest request;
    request.set_name(name);
    request.mutable_spec()->set_node_type("cache.t4g.small");
    return v1::ClusterService::NewStub(channel)->CreateCluster(Context().get(), request, response);
  }
  v1::Operation Created(const std::string& name) {
    v1::CreateClusterResponse response;
    const grpc::Status status = Create(name, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.operation();
  }

  // What reconcile/ does to an operation as it goes on.
  void MoveOperation(const std::string& id, model::OperationStatus status, int percent) {
    service::World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      model::Operation operation = *transaction.journal().FindOperation(model::OperationId(id));
      operation.status = status;
      operation.progress.percent = percent;
      operation.revision += 1;
      transaction.journal().PutOperation(operation);
      return {};
    }));
    hub.JournalGrew();
  }

  void AppendEvent(const std::string& cluster, const std::string& message) {
    service::World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      model::Event event;
      event.time = world.clock.Now();
      event.source_type = "replication-group";
      event.source = cluster;
      event.cluster = cluster;
      event.message = message;
      transaction.journal().AppendEvent(event);
      return {};
    }));
    hub.JournalGrew();
  }

  service::World world;
  service::OrderedFaults faults;
  service::OrderedTrials trials;
  JournalHub hub;
  service::ClusterService clusters{world.store, world.facts, {world.signals, hub}, world.identifiers, world.clock};
  service::NetworkService networks{world.store, hub, world.clock};
  service::ParameterGroupService parameter_groups{world.store, world.facts, trials, {world.signals, hub}, world.clock};
  service::CatalogService catalog{world.store};
  service::FleetService fleet{world.store, world.facts, {world.signals, hub}, world.clock};
  service::OperationService operations{world.store, {world.signals, hub}, world.clock};
  service::EventService events{world.store};
  service::DrillService drills{world.store, world.facts, faults, hub, world.clock};
  service::SpelledSecrets secrets;
  service::AccessKeyService access_keys{world.store, secrets, world.identifiers, hub, world.clock};
  service::AuditService audit{world.store};
  service::AuditTrail audit_trail{world.store, world.clock};
  std::unique_ptr<ApiServer> server;
  std::shared_ptr<grpc::Channel> channel;
};

}  // namespace cacheplane::api
