// NetworkService and the objects of the first start.
#include <gtest/gtest.h>

#include "controlplane/service/network_service.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {
namespace {

class Network : public testing::Test {
 protected:
  ErrorCode CodeOf(const SubnetDraft& draft) {
    const auto result = network.CreateSubnet(draft);
    return result.ok() ? ErrorCode::kInternal : result.error().code;
  }
  ErrorCode CodeOfRule(const RuleDraft& rule) {
    const auto result = network.CreateSecurityGroup({.name = "web", .description = "", .ingress = {rule}});
    return result.ok() ? ErrorCode::kInternal : result.error().code;
  }

  World world;
  NetworkService network{world.store, world.signals, world.clock};
};

TEST_F(Network, TheFirstStartMakesOneSubnetAZone) {
  const auto subnets = network.ListSubnets({})->items;
  ASSERT_EQ(subnets.size(), 3U);
  EXPECT_EQ(subnets[2].subnet.name, "subnet-us-east-1c");
  EXPECT_EQ(model::FormatCidr(subnets[2].subnet.cidr), "127.20.32.0/20");
  EXPECT_EQ(subnets[2].available_addresses, 4096 - 5);
  EXPECT_EQ(network.GetSubnetGroup("default")->zones,
            (std::vector<std::string>{"us-east-1a", "us-east-1b", "us-east-1c"}));
  EXPECT_EQ(network.GetSecurityGroup("default")->ingress.size(), 1U);
}

TEST_F(Network, ALaterStartAddsNothing) {
  ASSERT_TRUE(network.CreateSubnetGroup({"only", "", {"subnet-us-east-1a"}}).ok());
  ASSERT_TRUE(EnsureDefaults(world.store, {{"other-zone", "10.0.0.0/16"}}).ok());
  EXPECT_EQ(network.ListSubnets({})->items.size(), 3U);
}

TEST(Bootstrap, RefusesRangesThatMeet) {
  test::MemoryStore store;
  EXPECT_EQ(EnsureDefaults(store, {{"a", "10.0.0.0/16"}, {"b", "10.0.128.0/20"}}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(EnsureDefaults(store, DevelopmentZones()).ok());
}

TEST_F(Network, SubnetsAreValidated) {
  EXPECT_EQ(CodeOf({"x", "z", "10.0.0.0/16"}), ErrorCode::kInternal);
  EXPECT_EQ(CodeOf({"y", "z", "10.1.0.0/28"}), ErrorCode::kInternal);
  EXPECT_EQ(CodeOf({"X", "z", "10.2.0.0/16"}), ErrorCode::kAlreadyExists);
  for (const std::string cidr : {"", "10.3.0.0", "10.3.0.1/16", "10.0.0.0/15", "10.3.0.0/29", "10.0.5.0/24", "::/64"}) {
    EXPECT_EQ(CodeOf({"new", "z", cidr}), ErrorCode::kInvalidArgument) << cidr;
  }
  for (const std::string zone : {"", "us east", "Z", "a/b"}) {
    EXPECT_EQ(CodeOf({"new", zone, "10.3.0.0/16"}), ErrorCode::kInvalidArgument) << zone;
  }
  EXPECT_EQ(CodeOf({"a.b", "z", "10.3.0.0/16"}), ErrorCode::kInvalidArgument);
}

TEST_F(Network, SubnetGroupsNameOneToTwentySubnetsThatExist) {
  EXPECT_EQ(network.CreateSubnetGroup({"g", "", {}}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(network.CreateSubnetGroup({"g", "", {"nowhere"}}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(network.CreateSubnetGroup({"g", "", {"subnet-us-east-1a", "Subnet-us-east-1A"}}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(network.CreateSubnetGroup({"g", "", std::vector<std::string>(21, "s")}).error().code,
            ErrorCode::kInvalidArgument);
  const auto group = network.CreateSubnetGroup({"G", "d", {"subnet-us-east-1b", "subnet-us-east-1a"}});
  ASSERT_TRUE(group.ok()) << group.error().message;
  EXPECT_EQ(group->group.name, "g");
  EXPECT_EQ(group->zones, (std::vector<std::string>{"us-east-1a", "us-east-1b"}));
  EXPECT_EQ(network.CreateSubnetGroup({"g", "", {"subnet-us-east-1a"}}).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(world.Events().back(), "Subnet group g created");
}

TEST_F(Network, WhatIsUsedIsNotDeleted) {
  ASSERT_TRUE(network.CreateSubnetGroup({"mine", "", {"subnet-us-east-1a"}}).ok());
  ASSERT_TRUE(network.CreateSecurityGroup({.name = "web", .description = "", .ingress = {}}).ok());
  CreateClusterRequest request = World::Request("orders");
  request.spec.subnet_group = "mine";
  request.spec.security_groups = {"web"};
  ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  EXPECT_EQ(network.DeleteSubnet("subnet-us-east-1a").error(),
            FailedPrecondition("name: subnet \"subnet-us-east-1a\" is in use by subnet group \"default\", \"mine\"; "
                               "allowed: once nothing uses it"));
  EXPECT_EQ(network.DeleteSubnetGroup("Mine").error(),
            FailedPrecondition("name: subnet group \"mine\" is in use by cluster \"orders\"; allowed: once nothing "
                               "uses it"));
  EXPECT_EQ(network.DeleteSecurityGroup("web").error(),
            FailedPrecondition("name: security group \"web\" is in use by cluster \"orders\"; allowed: once nothing "
                               "uses it"));
  world.RemoveRow("orders");
  EXPECT_TRUE(network.DeleteSubnetGroup("mine").ok());
  EXPECT_TRUE(network.DeleteSecurityGroup("web").ok());
}

TEST_F(Network, ManyUsersAreCounted) {
  ASSERT_TRUE(network.CreateSecurityGroup({.name = "web", .description = "", .ingress = {}}).ok());
  for (const std::string name : {"a", "b", "c", "d", "e", "f", "g"}) {
    CreateClusterRequest request = World::Request(name);
    request.spec.security_groups = {"web"};
    ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  }
  const std::string message = network.DeleteSecurityGroup("web").error().message;
  EXPECT_NE(message.find("by cluster \"a\", \"b\", \"c\", \"d\", \"e\" and 2 more; "), std::string::npos) << message;
}

TEST_F(Network, ASubnetWithAddressesInUseNamesTheCluster) {
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());
  World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
    model::Node node;
    node.incarnation = model::Incarnation("in-1");
    node.name = model::NodeNameOf("orders", 1);
    node.cluster = transaction.clusters().Find("orders")->uid;
    node.subnet = "subnet-us-east-1c";
    node.address = {"127.20.32.4", 6379};
    transaction.plan().PutShard({node.cluster, 1, {}, {}});
    CP_RETURN_IF_ERROR(transaction.plan().PutNode(node));
    return transaction.network().UpdateSubnetGroup({"default", "", {"subnet-us-east-1a"}});
  }));
  const std::string message = network.DeleteSubnet("subnet-us-east-1c").error().message;
  EXPECT_NE(message.find("in use by cluster \"orders\""), std::string::npos) << message;
}

TEST_F(Network, TheDefaultGroupsStay) {
  EXPECT_EQ(network.DeleteSubnetGroup("default").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(network.DeleteSecurityGroup("Default").error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(Network, AnUnusedSubnetGoes) {
  ASSERT_TRUE(network.CreateSubnet({"extra", "z", "10.0.0.0/24"}).ok());
  EXPECT_TRUE(network.DeleteSubnet("Extra").ok());
  EXPECT_EQ(network.DeleteSubnet("extra").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(network.GetSubnet("extra").error().code, ErrorCode::kNotFound);
}

TEST_F(Network, AModifiedSubnetGroupStillServesItsClusters) {
  CreateClusterRequest request = World::Request("orders");
  request.spec.replicas_per_shard = 1;
  request.spec.multi_az = true;
  ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  EXPECT_EQ(network.ModifySubnetGroup({"default", "", {"subnet-us-east-1a"}}).error().code,
            ErrorCode::kFailedPrecondition);
  World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
    model::Node node;
    node.incarnation = model::Incarnation("in-1");
    node.name = model::NodeNameOf("orders", 1);
    node.cluster = transaction.clusters().Find("orders")->uid;
    node.subnet = "subnet-us-east-1c";
    node.address = {"127.20.32.4", 6379};
    transaction.plan().PutShard({node.cluster, 1, {}, {}});
    return transaction.plan().PutNode(node);
  }));
  EXPECT_EQ(network.GetSubnet("subnet-us-east-1c")->available_addresses, 4096 - 5 - 1);
  EXPECT_EQ(network.ModifySubnetGroup({"default", "", {"subnet-us-east-1a", "subnet-us-east-1b"}}).error().code,
            ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(network.ModifySubnetGroup({"default", "new", {"subnet-us-east-1a", "subnet-us-east-1c"}}).ok());
  EXPECT_EQ(network.GetSubnetGroup("default")->group.description, "new");
  EXPECT_EQ(network.ModifySubnetGroup({"none", "", {"subnet-us-east-1a"}}).error().code, ErrorCode::kNotFound);
}

TEST_F(Network, RulesAreValidated) {
  EXPECT_EQ(CodeOfRule({"TCP", 1, 65535, "10.0.0.0/8", ""}), ErrorCode::kInternal);
  EXPECT_EQ(CodeOfRule({"udp", 1, 2, "10.0.0.0/8", ""}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOfRule({"tcp", 0, 2, "10.0.0.0/8", ""}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOfRule({"tcp", 3, 2, "10.0.0.0/8", ""}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOfRule({"tcp", 1, 65536, "10.0.0.0/8", ""}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOfRule({"tcp", 1, 2, "10.0.0.1/8", ""}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOfRule({"tcp", 1, 2, "10.0.0.0/8", "a\n"}), ErrorCode::kInvalidArgument);
}

TEST_F(Network, ASecurityGroupsRulesAreReplaced) {
  ASSERT_TRUE(network.CreateSecurityGroup({.name = "Web", .description = "a", .ingress = {}}).ok());
  ASSERT_TRUE(network
                  .ModifySecurityGroup(
                      {.name = "web", .description = "b", .ingress = {{"tcp", 6379, 6379, "10.0.0.0/8", "office"}}})
                  .ok());
  const model::SecurityGroup group = *network.GetSecurityGroup("web");
  EXPECT_EQ(group.description, "b");
  ASSERT_EQ(group.ingress.size(), 1U);
  EXPECT_EQ(group.ingress[0].description, "office");
  EXPECT_EQ(network.ListSecurityGroups({})->items.size(), 2U);
  EXPECT_EQ(network.ModifySecurityGroup({.name = "none", .description = "", .ingress = {}}).error().code,
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace cacheplane::service
