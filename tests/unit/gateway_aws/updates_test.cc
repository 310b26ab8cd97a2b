// Service updates: told, begun, stopped, and refused one by one. What each answer looks like is in golden/.
#include <gtest/gtest.h>

#include "tests/unit/gateway_aws/group_api.h"

namespace cacheplane::gateway::aws {
namespace {

class ServiceUpdates : public testing::Test {
 protected:
  void HostsGet(const std::string& version, const std::string& engine = "valkey") {
    service::World::Require(running.installation.world.store.Write([&](ports::Transaction& tx) -> Status {
      for (model::Host host : tx.hosts().Hosts()) {
        host.images.push_back({engine, version});
        tx.hosts().PutHost(host);
      }
      return {};
    }));
  }
  Json Applied(const Json& more = Json::object(), const std::string& attempt = "") {
    return Batch("BatchApplyUpdateAction", more, attempt);
  }
  Json Batch(const std::string& action, const Json& more, const std::string& attempt = "") {
    Json input = {{"ServiceUpdateName", "valkey-8.0.10"}, {"ReplicationGroupIds", {"Orders"}}};
    for (const auto& [name, value] : more.items()) input[name] = value;
    return std::get<Json>(running.api.Do(action, input, attempt));
  }
  Json Actions(const Json& filter = Json::object()) {
    return running.api.Get("DescribeUpdateActions", filter)["UpdateActions"];
  }
  // "status n/m" of the only one.
  std::string Action() {
    const Json all = Actions();
    if (all.size() != 1) return std::to_string(all.size()) + " actions";
    return all[0]["UpdateActionStatus"].get<std::string>() + " " + all[0]["NodesUpdated"].get<std::string>();
  }
  std::size_t Open() { return running.api.Get("DescribeServiceUpdates", Json::object())["ServiceUpdates"].size(); }

  Running running{1};
};

TEST_F(ServiceUpdates, OneIsAppliedAndIsThenOpenNoMore) {
  EXPECT_EQ(Open(), 0U);
  HostsGet("8.0.10");
  EXPECT_EQ(Open(), 1U);
  EXPECT_EQ(Action(), "not-applied 0/2");
  const Json answer = Applied();
  EXPECT_EQ(answer["ProcessedUpdateActions"][0], (Json{{"ReplicationGroupId", "orders"},
                                                       {"ServiceUpdateName", "valkey-8.0.10"},
                                                       {"UpdateActionStatus", "waiting-to-start"}}));
  EXPECT_TRUE(answer["UnprocessedUpdateActions"].empty());
  EXPECT_EQ(Action(), "waiting-to-start 0/2");
  running.Pass(20);
  EXPECT_EQ(Action(), "complete 2/2");
  EXPECT_EQ(Open(), 0U);
  EXPECT_EQ(Actions({{"UpdateActionStatus", {"not-applied", "stopped"}}}), Json::array());
}

TEST_F(ServiceUpdates, ARepeatedCallBeginsNothingElse) {
  HostsGet("8.0.10");
  ASSERT_EQ(Applied(Json::object(), "attempt")["ProcessedUpdateActions"].size(), 1U);
  EXPECT_EQ(Applied(Json::object(), "attempt")["ProcessedUpdateActions"].size(), 1U) << "the same call";
  const Json other = Applied(Json::object(), "another")["UnprocessedUpdateActions"][0];
  EXPECT_EQ(other["ErrorType"], "InvalidReplicationGroupState");
  EXPECT_NE(other["ErrorMessage"].get<std::string>().find("has a update-nodes under way"), std::string::npos);
  running.Pass(20);
  const Json late = Applied(Json::object(), "attempt")["ProcessedUpdateActions"][0];
  EXPECT_EQ(late["UpdateActionStatus"], "complete") << "as it is by now";
  EXPECT_EQ(Applied()["UnprocessedUpdateActions"][0]["ErrorType"], "InvalidReplicationGroupState")
      << "nothing newer is there";
}

TEST_F(ServiceUpdates, OneIsStopped) {
  HostsGet("8.0.10");
  running.installation.handovers_fail = true;
  ASSERT_EQ(Applied()["ProcessedUpdateActions"].size(), 1U);
  running.Pass(3);
  EXPECT_EQ(Action(), "in-progress 1/2");
  EXPECT_EQ(Batch("BatchStopUpdateAction", Json::object())["ProcessedUpdateActions"][0]["UpdateActionStatus"],
            "stopping");
  EXPECT_EQ(Action(), "stopping 1/2");
  running.Pass(20);
  EXPECT_EQ(Action(), "stopped 0/2");
  EXPECT_EQ(Open(), 1U);
  const Json again = Batch("BatchStopUpdateAction", Json::object())["UnprocessedUpdateActions"][0];
  EXPECT_EQ(again["ErrorType"], "InvalidReplicationGroupState");
  EXPECT_NE(again["ErrorMessage"].get<std::string>().find("has no update to valkey-8.0.10 under way"),
            std::string::npos);
  running.installation.handovers_fail = false;
  ASSERT_EQ(Applied()["ProcessedUpdateActions"].size(), 1U);
  running.Pass(20);
  EXPECT_EQ(Action(), "complete 2/2");
}

TEST_F(ServiceUpdates, FiltersNameWhatTheyAreOf) {
  HostsGet("8.0.10");
  HostsGet("8.0.9");
  EXPECT_EQ(Actions().size(), 2U);
  EXPECT_EQ(Actions({{"ServiceUpdateName", "Valkey-8.0.9"}}).size(), 1U);
  EXPECT_EQ(Actions({{"ReplicationGroupIds", {"ORDERS"}}}).size(), 2U);
  EXPECT_EQ(Actions({{"CacheClusterIds", {"orders"}}}).size(), 0U) << "it is a group";
  EXPECT_EQ(Actions({{"ReplicationGroupIds", {"carts"}}}).size(), 0U);
  EXPECT_EQ(Actions({{"Engine", "redis"}}).size(), 0U);
  EXPECT_EQ(Actions({{"ServiceUpdateStatus", {"expired"}}}).size(), 0U);
  EXPECT_EQ(
      running.api.Get("DescribeServiceUpdates", {{"ServiceUpdateStatus", {"cancelled"}}})["ServiceUpdates"].size(), 0U);
  EXPECT_EQ(running.api.Refused("DescribeUpdateActions", {{"MaxRecords", 0}}).code, "InvalidParameterValue");
  for (const char* action : {"DescribeServiceUpdates", "DescribeUpdateActions"}) {
    const Fault fault = running.api.Refused(action, {{"Marker", "x"}});
    EXPECT_EQ(fault.code, "InvalidParameterValue");
    EXPECT_TRUE(fault.message.starts_with("Marker: \"x\"")) << fault.message;
  }
}

TEST_F(ServiceUpdates, WhatABatchRefusesAsAWhole) {
  HostsGet("8.0.10");
  const auto refused = [&](const Json& more) {
    Json input = {{"ServiceUpdateName", "valkey-8.0.10"}};
    for (const auto& [name, value] : more.items()) input[name] = value;
    return running.api.Refused("BatchApplyUpdateAction", input).code;
  };
  EXPECT_EQ(refused(Json::object()), "InvalidParameterValue");
  EXPECT_EQ(refused({{"ReplicationGroupIds", Json(21, "orders")}}), "InvalidParameterValue");
  EXPECT_EQ(refused({{"ServiceUpdateName", "valkey-8.0.11"}, {"ReplicationGroupIds", {"orders"}}}),
            "ServiceUpdateNotFoundFault");
  EXPECT_EQ(Action(), "not-applied 0/2");
}

TEST_F(ServiceUpdates, ItIsOfTheClustersEngine) {
  HostsGet("8.0.10");
  HostsGet("7.0.15", "redis");
  running.api.Get("CreateReplicationGroup", {{"ReplicationGroupId", "redis"},
                                             {"ReplicationGroupDescription", "d"},
                                             {"CacheNodeType", "cache.t4g.small"},
                                             {"Engine", "redis"},
                                             {"EngineVersion", "7.0"}});
  const Json refused = Applied({{"ReplicationGroupIds", {"redis"}}})["UnprocessedUpdateActions"][0];
  EXPECT_EQ(refused["ErrorType"], "InvalidParameterValue");
  EXPECT_NE(refused["ErrorMessage"].get<std::string>().find("is not of redis"), std::string::npos);
}

TEST_F(ServiceUpdates, OneThatNoHostHasAnyMoreIsCancelled) {
  HostsGet("8.0.10");
  Applied();
  running.Pass(20);
  EXPECT_EQ(Actions()[0]["ServiceUpdateStatus"], "available");
  service::World::Require(running.installation.world.store.Write([](ports::Transaction& tx) -> Status {
    for (model::Host host : tx.hosts().Hosts()) {
      host.images.pop_back();
      tx.hosts().PutHost(host);
    }
    return {};
  }));
  EXPECT_EQ(Actions()[0]["ServiceUpdateStatus"], "cancelled");
  EXPECT_EQ(Action(), "complete 2/2");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
