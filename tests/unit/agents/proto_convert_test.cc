#include "controlplane/agents/proto_convert.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "cacheplane/agent/v1/agent.pb.h"
#include "cacheplane/agent/v1/router.pb.h"
#include "tests/unit/agents/fakes.h"

namespace cacheplane::agents {
namespace {

agent::v1::Hello GoodHello() {
  agent::v1::Hello hello;
  hello.set_agent("a1");
  hello.set_zone("us-east-1a");
  hello.set_memory_bytes(1 << 30);
  hello.set_version("0.1.0");
  agent::v1::Image* image = hello.add_images();
  image->set_engine("valkey");
  image->set_version("8.0.1");
  return hello;
}

agent::v1::NodeFact GoodFact() {
  agent::v1::NodeFact fact;
  fact.set_node("orders-001");
  fact.set_incarnation("inc-1");
  fact.set_process(agent::v1::PROCESS_STATE_RUNNING);
  fact.set_role("primary");
  fact.set_epoch(4);
  fact.set_boot(2);
  fact.set_pid(17);
  fact.set_replication_offset(100);
  fact.set_clean_stop_epoch(3);
  fact.set_ending(true);
  fact.set_starts(5);
  fact.mutable_saved()->set_id("17.000000001-300");
  fact.mutable_saved()->set_replication_id("abc");
  fact.mutable_saved()->set_replication_offset(77);
  fact.mutable_saved()->set_as_of_ms(1'700'000'000'000);
  agent::v1::ReplicaFact* replica = fact.add_replicas();
  replica->set_address("127.20.0.6:6379");
  replica->set_state("online");
  replica->set_acknowledged_offset(99);
  return fact;
}

TEST(ProtoConvert, HelloBecomesAHost) {
  const auto host = FromProto(GoodHello());
  ASSERT_TRUE(host.ok());
  EXPECT_EQ(host->agent.str(), "a1");
  EXPECT_EQ(host->zone, "us-east-1a");
  EXPECT_EQ(host->memory_bytes, 1 << 30);
  EXPECT_EQ(host->images, (std::vector<model::Image>{{"valkey", "8.0.1"}}));
}

TEST(ProtoConvert, FactsBecomeAReport) {
  agent::v1::Facts facts;
  facts.set_revision(9);
  facts.set_whole(true);
  *facts.add_nodes() = GoodFact();
  const auto report = FromProto(facts);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->revision, 9U);
  EXPECT_TRUE(report->whole);
  ASSERT_EQ(report->nodes.size(), 1U);
  const model::NodeFacts& node = report->nodes[0];
  EXPECT_EQ(node.process, model::ProcessState::kRunning);
  EXPECT_EQ(node.role, model::Role::kPrimary);
  EXPECT_EQ(node.epoch, model::Epoch{4});
  EXPECT_EQ(node.boot, model::Boot{2});
  EXPECT_EQ(node.clean_stop, model::Epoch{3});
  EXPECT_TRUE(node.ending);
  EXPECT_EQ(node.starts, 5U);
  EXPECT_EQ(node.saved, (model::SavedData{"17.000000001-300", "abc", 77, FromUnixMillis(1'700'000'000'000)}));
  EXPECT_EQ(node.replicas, (std::vector<model::ReplicaFacts>{{{"127.20.0.6", 6379}, "online", 99}}));
  EXPECT_EQ(node.primary, model::Address{});
}

TEST(ProtoConvert, AFenceIsOneOfThreeAndNoneWhereNothingIsSaid) {
  agent::v1::Hello hello = GoodHello();
  EXPECT_EQ(FromProto(hello)->fence, "none");
  for (const char* fence : {"kernel", "guard", "none"}) {
    hello.set_fence(fence);
    EXPECT_EQ(FromProto(hello)->fence, fence);
  }
}

TEST(ProtoConvert, HostileHellosAreRefused) {
  const std::vector<std::function<void(agent::v1::Hello&)>> attacks = {
      [](auto& hello) { hello.clear_agent(); },
      [](auto& hello) { hello.set_agent("A1"); },
      [](auto& hello) { hello.set_agent("1a"); },
      [](auto& hello) { hello.set_agent("a/../b"); },
      [](auto& hello) { hello.set_agent(std::string(64, 'a')); },
      [](auto& hello) { hello.set_agent("a\nb"); },
      [](auto& hello) { hello.clear_zone(); },
      [](auto& hello) { hello.set_zone("us east"); },
      [](auto& hello) { hello.set_memory_bytes(-1); },
      [](auto& hello) { hello.set_fence("moat"); },
      [](auto& hello) { hello.set_version(std::string(1000, 'v')); },
      [](auto& hello) { hello.mutable_images(0)->clear_engine(); },
      [](auto& hello) { hello.mutable_images(0)->set_version(std::string(1000, '8')); },
      [](auto& hello) {
        for (int i = 0; i < 1001; ++i) *hello.add_images() = hello.images(0);
      },
  };
  for (std::size_t i = 0; i < attacks.size(); ++i) {
    agent::v1::Hello hello = GoodHello();
    attacks[i](hello);
    const auto host = FromProto(hello);
    ASSERT_FALSE(host.ok()) << i;
    EXPECT_EQ(host.error().code, ErrorCode::kInvalidArgument);
    EXPECT_LT(host.error().message.size(), 500U) << i;
  }
}

TEST(ProtoConvert, HostileFactsAreRefused) {
  const std::vector<std::function<void(agent::v1::NodeFact&)>> attacks = {
      [](auto& fact) { fact.clear_node(); },
      [](auto& fact) { fact.clear_incarnation(); },
      [](auto& fact) { fact.set_incarnation(std::string(129, 'i')); },
      [](auto& fact) { fact.set_process(agent::v1::PROCESS_STATE_UNSPECIFIED); },
      [](auto& fact) { fact.set_process(static_cast<agent::v1::ProcessState>(77)); },
      [](auto& fact) { fact.set_process(static_cast<agent::v1::ProcessState>(-1)); },
      [](auto& fact) { fact.set_role("king"); },
      [](auto& fact) { fact.set_role(std::string(100000, 'r')); },
      [](auto& fact) { fact.set_primary("nowhere"); },
      [](auto& fact) { fact.set_primary("127.0.0.1"); },
      [](auto& fact) { fact.set_primary("127.0.0.1:"); },
      [](auto& fact) { fact.set_primary("127.0.0.1:0"); },
      [](auto& fact) { fact.set_primary("127.0.0.1:65536"); },
      [](auto& fact) { fact.set_primary("127.0.0.256:6379"); },
      [](auto& fact) { fact.set_primary(":6379"); },
      [](auto& fact) { fact.set_primary("127.0.0.1:99999999999999999999999"); },
      [](auto& fact) { fact.mutable_replicas(0)->set_address("x:1"); },
      [](auto& fact) { fact.mutable_replicas(0)->clear_address(); },
      [](auto& fact) { fact.mutable_replicas(0)->set_state(std::string(200, 's')); },
      [](auto& fact) { fact.set_engine_version(std::string(200, '8')); },
      [](auto& fact) { fact.set_replication_id(std::string(200, '8')); },
      [](auto& fact) { fact.mutable_saved()->clear_id(); },
      [](auto& fact) { fact.mutable_saved()->set_id(std::string(200, '8')); },
      [](auto& fact) { fact.mutable_saved()->set_replication_id(std::string(200, '8')); },
      [](auto& fact) { fact.mutable_saved()->set_as_of_ms(-1); },
      [](auto& fact) { fact.mutable_saved()->set_as_of_ms(INT64_MAX); },
      [](auto& fact) {
        for (int i = 0; i < 16; ++i) *fact.add_replicas() = fact.replicas(0);
      },
  };
  for (std::size_t i = 0; i < attacks.size(); ++i) {
    agent::v1::Facts facts;
    *facts.add_nodes() = GoodFact();
    attacks[i](*facts.mutable_nodes(0));
    const auto report = FromProto(facts);
    ASSERT_FALSE(report.ok()) << i;
    EXPECT_EQ(report.error().code, ErrorCode::kInvalidArgument);
    EXPECT_LT(report.error().message.size(), 500U) << i;
  }
}

TEST(ProtoConvert, TooManyOrRepeatedNodesAreRefused) {
  agent::v1::Facts twice;
  *twice.add_nodes() = GoodFact();
  *twice.add_nodes() = GoodFact();
  EXPECT_FALSE(FromProto(twice).ok());

  agent::v1::Facts many;
  for (int i = 0; i < 1001; ++i) {
    *many.add_nodes() = GoodFact();
    many.mutable_nodes(i)->set_incarnation(std::to_string(i));
  }
  EXPECT_FALSE(FromProto(many).ok());
  many.mutable_nodes()->RemoveLast();
  EXPECT_TRUE(FromProto(many).ok());
}

TEST(ProtoConvert, LongReasonsAreCutBetweenCharacters) {
  agent::v1::Facts facts;
  agent::v1::NodeFact* fact = facts.add_nodes();
  *fact = GoodFact();
  fact->set_exit_reason(std::string(1023, 'x') + "é and more");
  fact->set_problem(std::string(5000, 'p'));
  fact->set_replication_offset(-1);
  fact->set_pid(-5);
  const auto report = FromProto(facts);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->nodes[0].exit_reason, std::string(1023, 'x'));
  EXPECT_EQ(report->nodes[0].problem.size(), 1024U);
  EXPECT_EQ(report->nodes[0].replication_offset, 0);
  EXPECT_EQ(report->nodes[0].pid, 0);
}

TEST(ProtoConvert, RoutersAreChecked) {
  agent::v1::RouterSessionRequest request;
  request.set_router("r1");
  request.set_data_path("kernel");
  request.set_map_version(3);
  const auto facts = FromProto(request);
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->name, "r1");
  EXPECT_EQ(facts->map_version, 3U);
  EXPECT_EQ(facts->switch_address, "");
  request.set_switch_address("10.0.0.7:40001");
  EXPECT_EQ(FromProto(request)->switch_address, "10.0.0.7:40001");
  request.set_switch_address("nowhere");
  EXPECT_FALSE(FromProto(request).ok());
  request.clear_switch_address();
  request.set_data_path("magic");
  EXPECT_FALSE(FromProto(request).ok());
  request.set_data_path("proxy");
  request.set_router("R1");
  EXPECT_FALSE(FromProto(request).ok());
}

TEST(ProtoConvert, AssignmentsGoOutWhole) {
  model::Assignment assignment = test::AssignmentOf("orders-001", 7);
  assignment.role = model::Role::kReplica;
  assignment.boot = {3};
  assignment.restore = "17.000000001-300";
  assignment.donor = model::Address{"10.0.0.8", 6380};
  assignment.primary = model::Address{"127.20.0.9", 6380};
  assignment.image_version = "8.0.1";
  assignment.memory_bytes = 42;
  assignment.family = "valkey8";
  assignment.parameters = {{"maxmemory-policy", "noeviction"}};
  assignment.routers = {"10.0.0.7:40001"};
  model::Assignment erased = test::AssignmentOf("orders-002");
  erased.intent = model::Intent::kErase;
  erased.role = model::Role::kPrimary;
  agent::v1::AssignmentSet set;
  ToProto(AssignmentSet{9, 8, {assignment, erased}, {model::Incarnation("gone")}}, &set);
  EXPECT_EQ(set.revision(), 9U);
  EXPECT_EQ(set.base_revision(), 8U);
  ASSERT_EQ(set.assignments_size(), 2);
  const agent::v1::Assignment& out = set.assignments(0);
  EXPECT_EQ(out.node(), "orders-001");
  EXPECT_EQ(out.incarnation(), "inc-orders-001");
  EXPECT_EQ(out.intent(), agent::v1::INTENT_RUN);
  EXPECT_EQ(out.epoch(), 7U);
  EXPECT_EQ(out.boot(), 3U);
  EXPECT_EQ(out.restore(), "17.000000001-300");
  EXPECT_EQ(out.donor_address(), "10.0.0.8");
  EXPECT_EQ(out.donor_port(), 6380);
  EXPECT_EQ(out.role(), "replica");
  EXPECT_EQ(out.address(), "127.20.0.5");
  EXPECT_EQ(out.port(), 6379);
  EXPECT_EQ(out.primary_address(), "127.20.0.9");
  EXPECT_EQ(out.primary_port(), 6380);
  EXPECT_EQ(out.engine_version(), "8.0.1");
  EXPECT_EQ(out.node_memory_bytes(), 42);
  EXPECT_EQ(out.parameters().at("maxmemory-policy"), "noeviction");
  EXPECT_EQ(out.parameter_group_family(), "valkey8");
  EXPECT_EQ(out.internal_password(), "secret");
  ASSERT_EQ(out.routers_size(), 1);
  EXPECT_EQ(out.routers(0), "10.0.0.7:40001");
  EXPECT_EQ(set.assignments(1).intent(), agent::v1::INTENT_ERASE);
  EXPECT_EQ(set.assignments(1).role(), "primary");
  EXPECT_EQ(set.assignments(1).primary_address(), "");
  ASSERT_EQ(set.removed_incarnations_size(), 1);
}

TEST(ProtoConvert, MapsGoOutWhole) {
  model::Endpoint endpoint;
  endpoint.address = {"127.20.0.4", 6379};
  endpoint.targets = {{"127.20.0.5", 6379}, {"127.20.0.6", 6379}};
  endpoint.armed = model::ArmedSwitch{{"127.20.0.7", 6380}, {9}};
  agent::v1::EndpointMap map;
  ToProto(model::EndpointMap{5, {endpoint}}, &map);
  EXPECT_EQ(map.version(), 5U);
  ASSERT_EQ(map.endpoints_size(), 1);
  EXPECT_EQ(map.endpoints(0).address(), "127.20.0.4");
  ASSERT_EQ(map.endpoints(0).targets_size(), 2);
  EXPECT_EQ(map.endpoints(0).targets(1).address(), "127.20.0.6");
  EXPECT_EQ(map.endpoints(0).armed().target().address(), "127.20.0.7");
  EXPECT_EQ(map.endpoints(0).armed().target().port(), 6380);
  EXPECT_EQ(map.endpoints(0).armed().epoch(), 9U);
}

}  // namespace
}  // namespace cacheplane::agents
