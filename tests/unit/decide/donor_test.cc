// Which replica a node that joins copies from.
#include <gtest/gtest.h>

#include "controlplane/decide/assignments.h"

namespace cacheplane::decide {
namespace {

model::Node NodeAt(int ordinal, model::Role role) {
  model::Node node;
  node.incarnation = model::Incarnation("i-" + std::to_string(ordinal));
  node.ordinal = ordinal;
  node.address = {"127.20.0." + std::to_string(ordinal), 6379};
  node.role = role;
  node.engine = "valkey";
  node.image_version = "8.0.1";
  return node;
}

// A primary, two replicas, and a node that joined in epoch 5, which the primary knows.
class Donor : public testing::Test {
 protected:
  Donor() {
    nodes = {NodeAt(1, model::Role::kPrimary), NodeAt(2, model::Role::kReplica), NodeAt(3, model::Role::kReplica),
             NodeAt(4, model::Role::kReplica)};
    joiner().joined = {5};
    joiner().recovering = true;
    shard.epoch = shard.attached = {5};
    shard.detached = {2};
  }
  model::Node& joiner() { return nodes[3]; }
  std::string Found() const {
    const auto donor = DonorOf(nodes[3], shard, nodes);
    return donor ? donor->ip : "";
  }

  model::Shard shard;
  std::vector<model::Node> nodes;
};

TEST_F(Donor, IsTheFirstReplicaThatIsNotRecovering) {
  EXPECT_EQ(Found(), "127.20.0.2");
  nodes[1].recovering = true;
  EXPECT_EQ(Found(), "127.20.0.3");
  nodes[2].recovering = true;
  EXPECT_EQ(Found(), "") << "nobody but the primary has anything";
}

TEST_F(Donor, StaysTheSameWhenAnotherIsVerified) {
  nodes[1].joined = {4};
  EXPECT_EQ(Found(), "127.20.0.3") << "it is there longest";
}

TEST_F(Donor, IsNobodyForANodeThatIsMadeAnew) {
  joiner().renewed_at = joiner().joined_at + std::chrono::seconds(1);
  EXPECT_EQ(Found(), "") << "it has its data";
}

TEST_F(Donor, IsNobodyBeforeThePrimaryKnowsTheJoiner) {
  shard.attached = {4};
  EXPECT_EQ(Found(), "");
}

TEST_F(Donor, IsNobodyOnceThePrimaryHasChangedOrTheJoinerIsInSync) {
  shard.detached = {5};
  EXPECT_EQ(Found(), "");
  shard.detached = {2};
  joiner().recovering = false;
  EXPECT_EQ(Found(), "");
}

TEST_F(Donor, IsNoneOfANewerVersionAnotherEngineOrAboutToGo) {
  nodes[1].image_version = "8.1.1";
  nodes[2].engine = "redis";
  EXPECT_EQ(Found(), "");
  joiner().image_version = "8.1.1";
  EXPECT_EQ(Found(), "127.20.0.2") << "as new as it is";
  nodes[1].readers_away = true;
  EXPECT_EQ(Found(), "");
  nodes[1].readers_away = false;
  nodes[1].intent = model::Intent::kHold;
  EXPECT_EQ(Found(), "");
}

TEST_F(Donor, IsNoneForRedis6) {
  for (model::Node& node : nodes) node.image_version = "6.0.16";
  EXPECT_EQ(Found(), "");
}

TEST_F(Donor, IsToldToTheJoinerAlone) {
  AssignmentInputs inputs;
  inputs.node = joiner();
  inputs.shard = shard;
  inputs.primary = nodes[0].address;
  inputs.donor = DonorOf(joiner(), shard, nodes);
  EXPECT_EQ(MakeAssignment(inputs).donor, nodes[1].address);
  EXPECT_EQ(MakeAssignment(inputs).primary, nodes[0].address);
  for (int other : {0, 1, 2}) EXPECT_FALSE(DonorOf(nodes[static_cast<std::size_t>(other)], shard, nodes));
}

}  // namespace
}  // namespace cacheplane::decide
