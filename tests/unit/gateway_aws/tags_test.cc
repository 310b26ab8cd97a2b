// Tags through the AWS API.
#include "tests/unit/gateway_aws/called_handlers.h"

namespace cacheplane::gateway::aws {
namespace {

using Tags = std::map<std::string, std::string>;

std::string ArnIn(const std::string& rest) { return "arn:aws:elasticache:eu-west-1:000000000000:" + rest; }

class AwsTags : public CalledHandlers {
 protected:
  static Json Named(const std::string& arn) { return {{"ResourceName", arn}}; }
  static Json With(const std::string& arn, const Tags& tags) {
    Json list = Json::array();
    for (const auto& [key, value] : tags) list.push_back({{"Key", key}, {"Value", value}});
    return {{"ResourceName", arn}, {"Tags", list}};
  }
  static Json Without(const std::string& arn, const std::vector<std::string>& keys) {
    return {{"ResourceName", arn}, {"TagKeys", keys}};
  }
  static Tags In(const Json& result) {
    Tags tags;
    for (const Json& tag : result.at("TagList")) tags[tag.at("Key").get<std::string>()] = tag.at("Value");
    return tags;
  }
  Tags Of(const std::string& arn) { return In(Ask("ListTagsForResource", Named(arn))); }

  // As if it had been placed.
  void GivenNode(const std::string& cluster) {
    service::World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      model::Node node;
      node.incarnation = model::Incarnation("in-1");
      node.name = model::NodeNameOf(cluster, 1);
      node.cluster = transaction.clusters().Find(cluster)->uid;
      node.agent = model::AgentName("agent-a");
      node.subnet = "subnet-us-east-1a";
      node.address = {"127.20.0.4", 6379};
      transaction.plan().PutShard({node.cluster, 1, {}, {}});
      return transaction.plan().PutNode(node);
    }));
  }
};

TEST_F(AwsTags, GoAndComeInEveryStateOfACluster) {
  GivenCluster("orders", {{"env", "dev"}});
  const std::string arn = ArnIn("replicationgroup:Orders");
  for (const auto status :
       {model::ClusterStatus::kCreating, model::ClusterStatus::kAvailable, model::ClusterStatus::kModifying,
        model::ClusterStatus::kImpaired, model::ClusterStatus::kStopped}) {
    world.SetStatus("orders", status);
    const Tags both = {{"env", "prod"}, {"team", ""}};
    EXPECT_EQ(In(Ask("AddTagsToResource", With(arn, both))), both);
    EXPECT_EQ(Of(arn), both);
    EXPECT_EQ(In(Ask("RemoveTagsFromResource", Without(arn, {"team"}))), (Tags{{"env", "prod"}}));
    EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.spec.tags, (Tags{{"env", "prod"}}));
    EXPECT_EQ(world.clusters.GetCluster("orders")->cluster.status, status);
  }
}

TEST_F(AwsTags, ATagWithoutAValueHasAnEmptyOne) {
  GivenCluster("orders");
  const std::string arn = ArnIn("replicationgroup:orders");
  Ask("AddTagsToResource", {{"ResourceName", arn}, {"Tags", Json::array({{{"Key", "bare"}}})}});
  EXPECT_EQ(Of(arn), (Tags{{"bare", ""}}));
}

TEST_F(AwsTags, ANodeHasThoseOfItsCluster) {
  GivenCluster("orders", {{"env", "dev"}});
  const std::string node = ArnIn("cluster:orders-001");
  EXPECT_EQ(Of(node), (Tags{{"env", "dev"}})) << "also before it has a place";
  GivenNode("orders");
  EXPECT_EQ(Of(node), (Tags{{"env", "dev"}}));
  Ask("AddTagsToResource", With(node, {{"team", "a"}}));
  EXPECT_EQ(Of(ArnIn("replicationgroup:orders")), (Tags{{"env", "dev"}, {"team", "a"}}));
  EXPECT_TRUE(Refused("ListTagsForResource", Named(ArnIn("cluster:orders-002"))).starts_with("CacheClusterNotFound "));
  EXPECT_TRUE(Refused("ListTagsForResource", Named(ArnIn("cluster:orders"))).starts_with("CacheClusterNotFound "));
}

// Somebody else's write comes before each of the first `times` ones.
struct OvertakenStore final : ports::Store {
  OvertakenStore(ports::Store& store, std::function<void(int)> other) : inner(store), overtake(std::move(other)) {}
  void Read(const std::function<void(ports::Transaction&)>& function) override { inner.Read(function); }
  Status Write(const std::function<Status(ports::Transaction&)>& function) override {
    if (times > 0) overtake(times--);
    return inner.Write(function);
  }

  ports::Store& inner;
  std::function<void(int)> overtake;
  int times = 0;
};

class AwsTagsOvertaken : public AwsTags {
 protected:
  AwsTagsOvertaken() { AddTags(table, overtaken); }

  OvertakenStore store{world.store, [this](int number) {
                         service::ModifyClusterRequest request{};
                         request.name = "orders";
                         request.update_mask = {"tags"};
                         request.spec.tags = world.clusters.GetCluster("orders")->cluster.spec.tags;
                         request.spec.tags["theirs" + std::to_string(number)] = "";
                         ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
                       }};
  service::ClusterService clusters{store, world.facts, {world.signals, world.signals}, world.identifiers, world.clock};
  Services overtaken{clusters, networks, groups, catalog, events, world.operations, updates, world.clock};
  const std::string arn = ArnIn("replicationgroup:orders");
};

TEST_F(AwsTagsOvertaken, WhatOthersAddMeanwhileStays) {
  GivenCluster("orders");
  store.times = 2;
  const Tags all = {{"ours", ""}, {"theirs1", ""}, {"theirs2", ""}};
  EXPECT_EQ(In(Ask("AddTagsToResource", With(arn, {{"ours", ""}}))), all);
  EXPECT_EQ(Of(arn), all);
}

TEST_F(AwsTagsOvertaken, WhoIsAlwaysTooLateIsToldSo) {
  GivenCluster("orders");
  store.times = 100;
  EXPECT_TRUE(Refused("AddTagsToResource", With(arn, {{"ours", ""}})).starts_with("InvalidReplicationGroupState "));
  EXPECT_FALSE(Of(arn).contains("ours"));
  EXPECT_EQ(store.times, 95);
}

TEST_F(AwsTags, AreAtMostFifty) {
  GivenCluster("orders");
  const std::string arn = ArnIn("replicationgroup:orders");
  Tags most;
  for (int i = 0; i < 50; ++i) most["key" + std::to_string(i)] = "";
  Ask("AddTagsToResource", With(arn, most));
  EXPECT_EQ(Refused("AddTagsToResource", With(arn, {{"more", ""}})),
            "TagQuotaPerResourceExceeded Tags: the resource would have 51 tags; allowed: 50");
  EXPECT_EQ(In(Ask("AddTagsToResource", With(arn, {{"key1", "new"}}))).size(), 50U);
}

TEST_F(AwsTags, WrongOnesAreRefusedAndChangeNothing) {
  GivenCluster("orders", {{"env", "dev"}});
  const std::string arn = ArnIn("replicationgroup:orders");
  EXPECT_TRUE(Refused("AddTagsToResource", With(arn, {{"aws:x", ""}, {"good", ""}}))
                  .starts_with("InvalidParameterValue Tags: \"aws:x\" has the reserved prefix"));
  EXPECT_TRUE(Refused("AddTagsToResource", With(arn, {{"", "x"}})).starts_with("InvalidParameterValue Tags: "));
  const Json twice = Json::array({{{"Key", "a"}}, {{"Key", "a"}}});
  EXPECT_EQ(Refused("AddTagsToResource", {{"ResourceName", arn}, {"Tags", twice}}),
            "InvalidParameterValue Tags: key \"a\" is named twice; allowed: each key once");
  EXPECT_EQ(Refused("RemoveTagsFromResource", Without(arn, {"env", "nope"})),
            "TagNotFound TagKeys: the resource has no tag \"nope\"");
  EXPECT_EQ(Of(arn), (Tags{{"env", "dev"}}));
}

TEST_F(AwsTags, ResourcesThatAreNotThereAreRefusedByTheirKind) {
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"replicationgroup:none", "ReplicationGroupNotFoundFault "},
      {"cluster:none-001", "CacheClusterNotFound "},
      {"parametergroup:none", "CacheParameterGroupNotFound "},
      {"subnetgroup:none", "CacheSubnetGroupNotFoundFault "},
      {"snapshot:none", "SnapshotNotFoundFault "},
      {"user:none", "UserNotFound "},
      {"usergroup:none", "UserGroupNotFound "},
      {"serverlesscache:none", "ServerlessCacheNotFoundFault "},
      {"planet:none", "InvalidARN "}};
  for (const auto& [rest, code] : kinds) {
    EXPECT_TRUE(Refused("ListTagsForResource", Named(ArnIn(rest))).starts_with(code)) << rest;
    EXPECT_TRUE(Refused("AddTagsToResource", With(ArnIn(rest), {{"a", ""}})).starts_with(code)) << rest;
    EXPECT_TRUE(Refused("RemoveTagsFromResource", Without(ArnIn(rest), {"a"})).starts_with(code)) << rest;
  }
  for (const char* name : {"orders", "arn:aws:rds:eu-west-1:000000000000:db:x", "arn:aws:elasticache:x", "",
                           "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:orders",
                           "arn:aws:elasticache:us-east-1:000000000000:replicationgroup:orders"}) {
    EXPECT_TRUE(Refused("ListTagsForResource", Named(name)).starts_with("InvalidARN ")) << name;
  }
}

// Groups of our own, with tags from their creation.
class AwsTagsOfGroups : public AwsTags, public testing::WithParamInterface<const char*> {
 protected:
  AwsTagsOfGroups() {
    const Json tags = Json::array({{{"Key", "env"}, {"Value", "dev"}}, {{"Key", "bare"}}});
    Ask("CreateCacheParameterGroup", {{"CacheParameterGroupName", "Carts"},
                                      {"CacheParameterGroupFamily", "valkey8"},
                                      {"Description", "d"},
                                      {"Tags", tags}});
    Ask("CreateCacheSubnetGroup", {{"CacheSubnetGroupName", "Carts"},
                                   {"CacheSubnetGroupDescription", "d"},
                                   {"SubnetIds", Json::array({"subnet-us-east-1a"})},
                                   {"Tags", tags}});
  }
  const std::string arn = ArnIn(std::string(GetParam()) + ":Carts");
};

INSTANTIATE_TEST_SUITE_P(Kinds, AwsTagsOfGroups, testing::Values("parametergroup", "subnetgroup"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(AwsTagsOfGroups, AreSetAtCreationAndChanged) {
  EXPECT_EQ(Of(arn), (Tags{{"bare", ""}, {"env", "dev"}}));
  EXPECT_EQ(In(Ask("AddTagsToResource", With(arn, {{"env", "prod"}, {"team", "core"}}))),
            (Tags{{"bare", ""}, {"env", "prod"}, {"team", "core"}}));
  EXPECT_EQ(In(Ask("RemoveTagsFromResource", Without(arn, {"bare"}))), (Tags{{"env", "prod"}, {"team", "core"}}));
  EXPECT_EQ(Of(arn), (Tags{{"env", "prod"}, {"team", "core"}}));
}

TEST_P(AwsTagsOfGroups, WrongOnesAreRefusedAndChangeNothing) {
  EXPECT_TRUE(Refused("AddTagsToResource", With(arn, {{"aws:x", ""}, {"good", ""}}))
                  .starts_with("InvalidParameterValue Tags: \"aws:x\" has the reserved prefix"));
  EXPECT_TRUE(Refused("AddTagsToResource", With(arn, {{std::string(129, 'k'), ""}}))
                  .starts_with("InvalidParameterValue Tags: "));
  EXPECT_TRUE(Refused("AddTagsToResource", With(arn, {{"k", std::string(257, 'v')}}))
                  .starts_with("InvalidParameterValue Tags[\"k\"]: "));
  EXPECT_EQ(Refused("RemoveTagsFromResource", Without(arn, {"env", "nope"})),
            "TagNotFound TagKeys: the resource has no tag \"nope\"");
  Tags more;
  for (int i = 0; i < 49; ++i) more["key" + std::to_string(i)] = "";
  EXPECT_EQ(Refused("AddTagsToResource", With(arn, more)),
            "TagQuotaPerResourceExceeded Tags: the resource would have 51 tags; allowed: 50");
  EXPECT_EQ(Of(arn), (Tags{{"bare", ""}, {"env", "dev"}}));
}

TEST_P(AwsTagsOfGroups, StayWhenTheGroupChangesAndGoWithIt) {
  Ask("ModifyCacheParameterGroup",
      {{"CacheParameterGroupName", "carts"},
       {"ParameterNameValues", Json::array({{{"ParameterName", "timeout"}, {"ParameterValue", "60"}}})}});
  Ask("ModifyCacheSubnetGroup", {{"CacheSubnetGroupName", "carts"},
                                 {"CacheSubnetGroupDescription", "other"},
                                 {"SubnetIds", Json::array({"subnet-us-east-1b"})}});
  EXPECT_EQ(Of(arn), (Tags{{"bare", ""}, {"env", "dev"}}));
  Ask("DeleteCacheParameterGroup", {{"CacheParameterGroupName", "carts"}});
  Ask("DeleteCacheSubnetGroup", {{"CacheSubnetGroupName", "carts"}});
  Ask("CreateCacheParameterGroup",
      {{"CacheParameterGroupName", "carts"}, {"CacheParameterGroupFamily", "valkey8"}, {"Description", "d"}});
  Ask("CreateCacheSubnetGroup", {{"CacheSubnetGroupName", "carts"},
                                 {"CacheSubnetGroupDescription", "d"},
                                 {"SubnetIds", Json::array({"subnet-us-east-1a"})}});
  EXPECT_EQ(Of(arn), Tags{});
}

TEST_F(AwsTags, GroupsAreNotCreatedWithWrongTags) {
  const Json twice = Json::array({{{"Key", "a"}}, {{"Key", "a"}}});
  Json many = Json::array();
  for (int i = 0; i < 51; ++i) many.push_back({{"Key", "k" + std::to_string(i)}});
  const Json reserved = Json::array({{{"Key", "AWS:a"}}});
  for (const auto& [tags, refusal] : std::vector<std::pair<Json, std::string>>{
           {twice, "InvalidParameterValue Tags: \"a\" is the key of two tags; allowed: each key once"},
           {many, "TagQuotaPerResourceExceeded Tags: the resource would have 51 tags; allowed: 50"},
           {reserved,
            "InvalidParameterValue Tags: \"AWS:a\" has the reserved prefix; allowed: keys that do not start with "
            "\"aws:\""}}) {
    EXPECT_EQ(Refused("CreateCacheParameterGroup", {{"CacheParameterGroupName", "carts"},
                                                    {"CacheParameterGroupFamily", "valkey8"},
                                                    {"Description", "d"},
                                                    {"Tags", tags}}),
              refusal);
    EXPECT_EQ(Refused("CreateCacheSubnetGroup", {{"CacheSubnetGroupName", "carts"},
                                                 {"CacheSubnetGroupDescription", "d"},
                                                 {"SubnetIds", Json::array({"subnet-us-east-1a"})},
                                                 {"Tags", tags}}),
              refusal);
  }
  EXPECT_FALSE(groups.GetParameterGroup("carts").ok());
  EXPECT_FALSE(networks.GetSubnetGroup("carts").ok());
}

TEST_F(AwsTags, DefaultGroupsTakeNone) {
  for (const char* rest : {"parametergroup:default.valkey8", "subnetgroup:default"}) {
    EXPECT_EQ(Of(ArnIn(rest)), Tags{});
    for (const std::string& refusal : {Refused("AddTagsToResource", With(ArnIn(rest), {{"a", "b"}})),
                                       Refused("RemoveTagsFromResource", Without(ArnIn(rest), {"a"}))}) {
      EXPECT_TRUE(refusal.starts_with("InvalidParameterValue ResourceName: \"default")) << refusal;
    }
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
