// Calls over a real connection: conversion, errors, pages, limits and what the server offers besides.

#include "tests/unit/api/served.h"
#include "tests/unit/service/placed_shard.h"

namespace cacheplane::api {
namespace {

using grpc::StatusCode;

TEST_F(Served, CreateAnswersWithTheWholeDefinition) {
  v1::CreateClusterRequest request;
  request.set_name("Orders");
  request.mutable_spec()->set_node_type("cache.t4g.small");
  request.mutable_spec()->set_replicas_per_shard(2);
  request.mutable_spec()->set_multi_az(true);
  (*request.mutable_spec()->mutable_tags())["team"] = "shop";
  v1::CreateClusterResponse response;
  const auto stub = v1::ClusterService::NewStub(channel);
  const grpc::Status status = stub->CreateCluster(Context().get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const v1::Cluster& cluster = response.cluster();
  EXPECT_EQ(cluster.name(), "orders");
  EXPECT_EQ(cluster.status(), "creating");
  EXPECT_EQ(cluster.spec().engine_version(), "8.0");
  EXPECT_TRUE(cluster.spec().automatic_failover());
  EXPECT_EQ(cluster.spec().tags().at("team"), "shop");
  EXPECT_EQ(cluster.current_operation(), response.operation().id());
  EXPECT_EQ(cluster.create_time().seconds(), 1'700'000'000);
  EXPECT_FALSE(cluster.has_primary_endpoint());
  EXPECT_EQ(response.operation().kind(), "create-cluster");
  EXPECT_EQ(response.operation().steps(0).name(), "place nodes");

  v1::GetClusterRequest get;
  get.set_name("ORDERS");
  v1::GetClusterResponse got;
  ASSERT_TRUE(stub->GetCluster(Context().get(), get, &got).ok());
  EXPECT_EQ(got.cluster().SerializeAsString(), cluster.SerializeAsString());
}

TEST_F(Served, AnAbsentCountIsNotAZero) {
  v1::CreateClusterRequest request;
  request.set_name("orders");
  request.mutable_spec()->set_node_type("cache.t4g.small");
  request.mutable_spec()->set_port(0);
  v1::CreateClusterResponse response;
  const auto stub = v1::ClusterService::NewStub(channel);
  EXPECT_EQ(stub->CreateCluster(Context().get(), request, &response).error_code(), StatusCode::INVALID_ARGUMENT);
  request.mutable_spec()->clear_port();
  ASSERT_TRUE(stub->CreateCluster(Context().get(), request, &response).ok());
  EXPECT_EQ(response.cluster().spec().port(), 6379);
}

TEST_F(Served, ErrorsHaveTheirCodes) {
  v1::CreateClusterResponse created;
  EXPECT_EQ(Create("9", &created).error_code(), StatusCode::INVALID_ARGUMENT);
  Created("orders");
  EXPECT_EQ(Create("orders", &created).error_code(), StatusCode::ALREADY_EXISTS);
  const auto stub = v1::ClusterService::NewStub(channel);
  v1::ModifyClusterRequest modify;
  modify.set_name("orders");
  v1::ModifyClusterResponse modified;
  EXPECT_EQ(stub->ModifyCluster(Context().get(), modify, &modified).error_code(), StatusCode::INVALID_ARGUMENT);
  modify.mutable_update_mask()->add_paths("shard_count");
  EXPECT_EQ(stub->ModifyCluster(Context().get(), modify, &modified).error_code(), StatusCode::UNIMPLEMENTED);
  modify.mutable_update_mask()->set_paths(0, "description");
  modify.mutable_spec()->set_description("new");
  modify.set_etag("g7-old");
  EXPECT_EQ(stub->ModifyCluster(Context().get(), modify, &modified).error_code(), StatusCode::ABORTED);
  modify.set_etag(modified.cluster().etag());
  EXPECT_TRUE(stub->ModifyCluster(Context().get(), modify, &modified).ok());
  EXPECT_EQ(modified.cluster().spec().description(), "new");
  EXPECT_EQ(modified.operation().status(), "succeeded");
  v1::DeleteClusterRequest remove;
  remove.set_name("nobody");
  v1::DeleteClusterResponse removed;
  EXPECT_EQ(stub->DeleteCluster(Context().get(), remove, &removed).error_code(), StatusCode::NOT_FOUND);
  remove.set_name("orders");
  EXPECT_TRUE(stub->DeleteCluster(Context().get(), remove, &removed).ok());
  EXPECT_EQ(removed.cluster().status(), "deleting");
  EXPECT_EQ(stub->DeleteCluster(Context().get(), remove, &removed).error_code(), StatusCode::FAILED_PRECONDITION);
}

TEST_F(Served, ListsComeInPages) {
  for (const std::string name : {"a", "b", "c"}) Created(name);
  const auto stub = v1::ClusterService::NewStub(channel);
  v1::ListClustersRequest request;
  request.set_page_size(2);
  v1::ListClustersResponse page;
  ASSERT_TRUE(stub->ListClusters(Context().get(), request, &page).ok());
  ASSERT_EQ(page.clusters_size(), 2);
  request.set_page_token(page.next_page_token());
  ASSERT_TRUE(stub->ListClusters(Context().get(), request, &page).ok());
  ASSERT_EQ(page.clusters_size(), 1);
  EXPECT_EQ(page.clusters(0).name(), "c");
  EXPECT_EQ(page.next_page_token(), "");
  request.set_page_token("forged");
  EXPECT_EQ(stub->ListClusters(Context().get(), request, &page).error_code(), StatusCode::INVALID_ARGUMENT);
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_EQ(stub->ListClusters(Context().get(), request, &page).error_code(), StatusCode::INVALID_ARGUMENT);
  request.set_page_size(100000);
  EXPECT_TRUE(stub->ListClusters(Context().get(), request, &page).ok());
}

TEST_F(Served, AnOversizedRequestIsRefused) {
  v1::CreateClusterRequest request;
  request.set_name("orders");
  request.mutable_spec()->set_description(std::string(2 * kLargestRequestBytes, 'x'));
  v1::CreateClusterResponse response;
  const auto stub = v1::ClusterService::NewStub(channel);
  const grpc::Status status = stub->CreateCluster(Context().get(), request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_NE(status.error_message().find("larger than max"), std::string::npos) << status.error_message();
  Created("orders");  // the connection still serves
}

TEST_F(Served, TheCallersRequestIdComesBack) {
  const auto context = Context();
  context->AddMetadata("x-request-id", "abc-123");
  v1::ListNodeTypesResponse response;
  ASSERT_TRUE(v1::CatalogService::NewStub(channel)->ListNodeTypes(context.get(), {}, &response).ok());
  EXPECT_GT(response.node_types_size(), 0);
  const auto& metadata = context->GetServerInitialMetadata();
  ASSERT_NE(metadata.find("x-request-id"), metadata.end());
  EXPECT_EQ(metadata.find("x-request-id")->second, "abc-123");
}

TEST_F(Served, AnInProcessChannelServesToo) {
  v1::ListEngineVersionsResponse response;
  const auto stub = v1::CatalogService::NewStub(server->InProcessChannel());
  ASSERT_TRUE(stub->ListEngineVersions(Context().get(), {}, &response).ok());
  EXPECT_EQ(response.engine_versions(0).parameter_group_family(), "valkey8");
  EXPECT_TRUE(response.engine_versions(0).is_default());
}

TEST_F(Served, ATakenPortIsRefused) {
  const auto second =
      ApiServer::Start({clusters, networks, parameter_groups, catalog, fleet, operations, events, drills, access_keys,
                        audit, audit_trail, hub},
                       {.address = "127.0.0.1:" + std::to_string(server->port()), .also = {}, .configure = {}});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
}

TEST_F(Served, PrimariesAreChanged) {
  v1::CreateClusterRequest create;
  create.set_name("orders");
  create.mutable_spec()->set_node_type("cache.t4g.small");
  create.mutable_spec()->set_replicas_per_shard(2);
  const auto stub = v1::ClusterService::NewStub(channel);
  v1::CreateClusterResponse created;
  ASSERT_TRUE(stub->CreateCluster(Context().get(), create, &created).ok());
  service::PlacedShard shard(world.clock.Mono());
  shard.Establish(world);
  world.facts.facts = shard.facts;

  v1::SwitchoverClusterRequest request;
  request.set_name("orders");
  request.set_node("orders-003");
  v1::SwitchoverClusterResponse response;
  const grpc::Status status = stub->SwitchoverCluster(Context().get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.operation().kind(), "switchover");
  EXPECT_EQ(response.operation().status(), "running");
  EXPECT_EQ(response.operation().node(), "orders-003");
  EXPECT_EQ(response.cluster().current_operation(), response.operation().id());
  v1::TestFailoverRequest kill;
  kill.set_name("orders");
  v1::TestFailoverResponse killed;
  EXPECT_EQ(stub->TestFailover(Context().get(), kill, &killed).error_code(), StatusCode::FAILED_PRECONDITION);
  service::PlacedShard::EndOperation(world);
  ASSERT_TRUE(stub->TestFailover(Context().get(), kill, &killed).ok());
  EXPECT_EQ(killed.operation().kind(), "test-failover");
  EXPECT_EQ(killed.operation().node(), "orders-001");
}

TEST_F(Served, DefinitionsAreListedAndRolledBack) {
  Created("orders");
  const auto stub = v1::ClusterService::NewStub(channel);
  v1::ModifyClusterRequest modify;
  modify.set_name("orders");
  modify.mutable_update_mask()->add_paths("description");
  modify.mutable_spec()->set_description("new");
  modify.set_validate_only(true);
  v1::ModifyClusterResponse planned;
  ASSERT_TRUE(stub->ModifyCluster(Context().get(), modify, &planned).ok());
  EXPECT_EQ(planned.base_revision(), 1);
  EXPECT_EQ(planned.changes(0), "description: \"\" → \"new\"");
  modify.set_validate_only(false);
  modify.set_check_revision(planned.base_revision());
  v1::ModifyClusterResponse modified;
  ASSERT_TRUE(stub->ModifyCluster(Context().get(), modify, &modified).ok());
  EXPECT_EQ(modified.cluster().revision(), 2);
  EXPECT_EQ(modified.base_revision(), 0);
  EXPECT_EQ(stub->ModifyCluster(Context().get(), modify, &modified).error_code(), StatusCode::ABORTED);

  v1::RollbackClusterRequest rollback;
  rollback.set_name("orders");
  rollback.set_revision(1);
  v1::RollbackClusterResponse rolled_back;
  ASSERT_TRUE(stub->RollbackCluster(Context().get(), rollback, &rolled_back).ok());
  EXPECT_EQ(rolled_back.cluster().spec().description(), "");
  EXPECT_EQ(rolled_back.operation().status(), "succeeded");
  rollback.set_revision(9);
  EXPECT_EQ(stub->RollbackCluster(Context().get(), rollback, &rolled_back).error_code(), StatusCode::NOT_FOUND);

  v1::ListClusterRevisionsRequest list;
  list.set_name("orders");
  list.set_page_size(2);
  v1::ListClusterRevisionsResponse page;
  ASSERT_TRUE(stub->ListClusterRevisions(Context().get(), list, &page).ok());
  ASSERT_EQ(page.revisions_size(), 2);
  const v1::ClusterRevision& newest = page.revisions(0);
  EXPECT_EQ(newest.revision(), 3);
  EXPECT_EQ(newest.cause(), "rollback-cluster");
  EXPECT_EQ(newest.restored_revision(), 1);
  EXPECT_EQ(newest.operation(), rolled_back.operation().id());
  EXPECT_EQ(newest.create_time().seconds(), 1'700'000'000);
  EXPECT_EQ(newest.spec().SerializeAsString(), rolled_back.cluster().spec().SerializeAsString());
  EXPECT_FALSE(newest.has_pending());
  EXPECT_EQ(page.revisions(1).changes(0), "description: \"\" → \"new\"");
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(stub->ListClusterRevisions(Context().get(), list, &page).ok());
  ASSERT_EQ(page.revisions_size(), 1);
  EXPECT_EQ(page.revisions(0).cause(), "create-cluster");
  EXPECT_EQ(page.revisions(0).changes_size(), 0);
}

TEST_F(Served, FencesAndFailoversAreShown) {
  v1::CreateClusterRequest create;
  create.set_name("orders");
  create.mutable_spec()->set_node_type("cache.t4g.small");
  create.mutable_spec()->set_replicas_per_shard(2);
  const auto stub = v1::ClusterService::NewStub(channel);
  v1::CreateClusterResponse created;
  ASSERT_TRUE(stub->CreateCluster(Context().get(), create, &created).ok());
  EXPECT_EQ(created.cluster().protection(), "");
  service::PlacedShard shard(world.clock.Mono());
  shard.Establish(world);
  for (const model::Node& node : shard.nodes) {
    model::Host host = service::HostOf(node.agent.str(), "us-east-1a", service::kGibibyte, {});
    host.fence = "kernel";
    world.AddHost(host);
  }
  v1::GetClusterRequest get;
  get.set_name("orders");
  v1::GetClusterResponse got;
  ASSERT_TRUE(stub->GetCluster(Context().get(), get, &got).ok());
  EXPECT_EQ(got.cluster().protection(), "kernel");
  EXPECT_EQ(got.cluster().shards(0).epoch(), 1);
  EXPECT_FALSE(got.cluster().shards(0).has_last_failover_time());
  service::World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
    model::Shard row = transaction.plan().Shards(shard.nodes.front().cluster).front();
    row.failovers = 2;
    row.last_failover = world.clock.Now();
    transaction.plan().PutShard(row);
    return {};
  }));
  ASSERT_TRUE(stub->GetCluster(Context().get(), get, &got).ok());
  EXPECT_EQ(got.cluster().shards(0).failovers(), 2);
  EXPECT_EQ(got.cluster().shards(0).last_failover_time().seconds(), 1'700'000'000);
  v1::GetAgentRequest agent;
  agent.set_name("agent-1");
  v1::GetAgentResponse answer;
  ASSERT_TRUE(v1::FleetService::NewStub(channel)->GetAgent(Context().get(), agent, &answer).ok());
  EXPECT_EQ(answer.agent().fence(), "kernel");
}

TEST_F(Served, NetworksAndTheFleetAreServed) {
  const auto networks_stub = v1::NetworkService::NewStub(channel);
  v1::CreateSubnetRequest subnet;
  subnet.mutable_subnet()->set_name("extra");
  subnet.mutable_subnet()->set_zone("us-east-1d");
  subnet.mutable_subnet()->set_cidr("10.0.0.0/24");
  v1::CreateSubnetResponse created;
  ASSERT_TRUE(networks_stub->CreateSubnet(Context().get(), subnet, &created).ok());
  EXPECT_EQ(created.subnet().available_addresses(), 251);
  v1::GetSubnetGroupRequest group;
  group.set_name("default");
  v1::GetSubnetGroupResponse got;
  ASSERT_TRUE(networks_stub->GetSubnetGroup(Context().get(), group, &got).ok());
  EXPECT_EQ(got.subnet_group().zones_size(), 3);
  v1::ListSecurityGroupsResponse groups;
  ASSERT_TRUE(networks_stub->ListSecurityGroups(Context().get(), {}, &groups).ok());
  EXPECT_EQ(groups.security_groups(0).enforcement(), "not-enforced");
  EXPECT_EQ(groups.security_groups(0).ingress(0).cidr(), "0.0.0.0/0");
  world.AddHost(service::HostOf("agent-a", "us-east-1a", service::kGibibyte, {{"valkey", "8.0.1"}}));
  v1::ListAgentsResponse agents;
  ASSERT_TRUE(v1::FleetService::NewStub(channel)->ListAgents(Context().get(), {}, &agents).ok());
  EXPECT_EQ(agents.agents(0).images(0), "valkey-8.0.1");
}

}  // namespace
}  // namespace cacheplane::api
