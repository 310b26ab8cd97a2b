// Engines that try the values of a parameter group before it changes, and agents that cannot have them try.
#include <gtest/gtest.h>

#include <optional>

#include "controlplane/service/parameter_group_service.h"
#include "tests/unit/service/ordered_trials.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {
namespace {

using namespace std::chrono_literals;

class ParameterTrials : public testing::Test {
 protected:
  ParameterTrials() { EXPECT_TRUE(groups.CreateParameterGroup({"carts", "valkey8", ""}).ok()); }

  void GivenAgent(const std::string& name, std::vector<model::Image> images) {
    world.AddHost(HostOf(name, "us-east-1a", kGibibyte, std::move(images)));
    model::AgentFacts& facts = world.facts.facts.agents[model::AgentName(name)];
    facts.connected = true;
    facts.heard = world.clock.Mono();
  }
  // Before there are agents, whose room and images would be looked at.
  void GivenCluster(const std::string& version, const std::string& node_type) {
    CreateClusterRequest request = World::Request("orders");
    request.spec.engine_version = version;
    request.spec.node_type = node_type;
    request.spec.parameter_group = "carts";
    const auto created = world.clusters.CreateCluster(request);
    ASSERT_TRUE(created.ok()) << created.error().message;
  }

  void Set(const std::string& name, const std::string& value) {
    answer.reset();
    groups.ModifyParameterGroup({"carts", {{name, value}}}, [this](const auto& changed) { answer = changed; });
  }
  Error ErrorOf() const { return answer && !answer->ok() ? answer->error() : Internal("it was not refused"); }
  std::map<std::string, std::string> Values() { return groups.GetParameterGroup("carts")->values; }
  // "agent-a valkey 8.0.1" for each order.
  std::vector<std::string> Orders() const {
    std::vector<std::string> orders;
    for (const auto& [agent, trial] : trials.ordered) {
      orders.push_back(agent.str() + " " + trial.image.engine + " " + trial.image.version);
    }
    return orders;
  }

  World world;
  OrderedTrials trials;
  ParameterGroupService groups{world.store, world.facts, trials, {world.signals, world.signals}, world.clock};
  std::optional<Result<ChangedParameterGroup>> answer;
};

TEST_F(ParameterTrials, EveryVersionIsTriedOnceWithTheNewestImageByAnotherAgent) {
  GivenAgent("agent-a", {{"redis", "7.0.15"}, {"valkey", "8.0.1"}, {"valkey", "8.1.1"}, {"valkey", "9.1.2"}});
  GivenAgent("agent-b", {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}});
  Set("timeout", "60");
  ASSERT_TRUE(answer->ok());
  EXPECT_EQ(Orders(), (std::vector<std::string>{"agent-a valkey 8.0.1", "agent-b valkey 8.1.1"}));
  EXPECT_EQ(trials.ordered[0].second.parameters, (catalog::Values{{"timeout", "60"}}));
  EXPECT_EQ(trials.ordered[0].second.family, "valkey8");
  ASSERT_EQ((*answer)->trials.size(), 2U);
  EXPECT_EQ((*answer)->trials[1], (ParameterTrial{"valkey", "8.1", "agent-b", "8.1.1"}));
  EXPECT_EQ(world.Events().back(), "Parameter group carts modified: timeout; tried by valkey 8.0.1, valkey 8.1.1");
}

TEST_F(ParameterTrials, ANewerImageIsTriedWhereverItIs) {
  GivenAgent("agent-a", {{"valkey", "8.0.9"}});
  GivenAgent("agent-b", {{"valkey", "8.0.10"}});
  Set("timeout", "60");
  EXPECT_EQ(Orders(), std::vector<std::string>{"agent-b valkey 8.0.10"});
}

TEST_F(ParameterTrials, VersionsInUseComeFirstWithTheMemoryOfTheSmallestNode) {
  GivenCluster("8.1", "cache.t4g.medium");
  GivenAgent("agent-a", {{"valkey", "8.0.1"}, {"valkey", "8.1.1"}});
  Set("timeout", "60");
  EXPECT_EQ(Orders(), (std::vector<std::string>{"agent-a valkey 8.1.1", "agent-a valkey 8.0.1"}));
  EXPECT_EQ(trials.ordered[0].second.memory_bytes, catalog::FindNodeType("cache.t4g.medium")->memory_bytes);
}

TEST_F(ParameterTrials, WithoutAClusterTheNodeIsOneThatTheValuesLeaveMemory) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  Set("reserved-memory", "1400000000");
  const std::int64_t bytes = trials.ordered.at(0).second.memory_bytes;
  EXPECT_TRUE(catalog::MaxMemory(bytes, {{"reserved-memory", "1400000000"}}).ok()) << bytes;
  Set("reserved-memory", "9000000000000000");
  EXPECT_TRUE(
      catalog::MaxMemory(trials.ordered.at(1).second.memory_bytes, {{"reserved-memory", "9000000000000000"}}).ok());
}

TEST_F(ParameterTrials, ARefusalChangesNothingAndIsToldInTheEnginesWords) {
  GivenCluster("8.0", "cache.t4g.small");
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  GivenAgent("agent-b", {{"valkey", "8.1.1"}});
  trials.problems[model::AgentName("agent-b")] = InvalidArgument("timeout: too long");
  const std::size_t events = world.Events().size();
  Set("timeout", "60");
  EXPECT_EQ(ErrorOf(),
            InvalidArgument("parameters: valkey 8.1.1 refuses \"timeout=60\": timeout: too long; nothing was changed"));
  EXPECT_TRUE(Values().empty());
  EXPECT_TRUE(world.signals.reassigned.empty());
  EXPECT_EQ(world.Events().size(), events);
}

TEST_F(ParameterTrials, AResetIsTriedToo) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  Set("timeout", "60");
  trials.problems[model::AgentName("agent-a")] = InvalidArgument("too short");
  groups.ResetParameterGroup({"carts", true, {}}, [this](const auto& changed) { answer = changed; });
  EXPECT_EQ(ErrorOf(),
            InvalidArgument("parameters: valkey 8.0.1 refuses \"timeout=0\": too short; nothing was changed"));
  EXPECT_EQ(Values().size(), 1U);
}

TEST_F(ParameterTrials, WhatChangesNoValueIsNotTried) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  Set("timeout", "0");
  ASSERT_TRUE(answer->ok());
  EXPECT_TRUE((*answer)->trials.empty());
  EXPECT_TRUE(trials.ordered.empty());
  EXPECT_EQ(world.Events().back(), "Parameter group carts modified: no value changed");
}

TEST_F(ParameterTrials, WhatTheCatalogueRefusesIsNotTried) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  Set("timeout", "7");
  EXPECT_EQ(ErrorOf().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(trials.ordered.empty());
}

TEST_F(ParameterTrials, ARepeatedRequestIsNotTriedAgain) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  const ModifyParameterGroupRequest request{"carts", {{"timeout", "60"}}, "", "id-1"};
  for (int i = 0; i < 2; ++i) groups.ModifyParameterGroup(request, [this](const auto& changed) { answer = changed; });
  EXPECT_TRUE(answer->ok());
  EXPECT_EQ(trials.ordered.size(), 1U);
}

TEST_F(ParameterTrials, WhereNobodyCanTryTheChangeIsMadeAndSaysSo) {
  GivenCluster("8.1", "cache.t4g.small");
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  GivenAgent("agent-b", {{"valkey", "8.0.1"}});
  GivenAgent("agent-c", {{"valkey", "8.0.1"}});
  world.facts.facts.agents[model::AgentName("agent-a")].connected = false;
  world.facts.facts.agents[model::AgentName("agent-c")].heard = world.clock.Mono() - kAskedWhenHeardWithin - 1ms;
  trials.problems[model::AgentName("agent-b")] = Unavailable("it did not answer in time");
  Set("timeout", "60");
  ASSERT_TRUE(answer->ok());
  EXPECT_EQ((*answer)->trials,
            (std::vector<ParameterTrial>{
                {.engine = "valkey", .version = "8.1", .problem = "no connected agent has an image of it"},
                {.engine = "valkey", .version = "8.0", .problem = "agent-b: it did not answer in time"}}));
  const std::string untried =
      "; no engine has tried the values: valkey 8.1: no connected agent has an image of it; valkey 8.0: agent-b: it "
      "did not "
      "answer in time";
  const auto events = world.Events();
  EXPECT_EQ(events[events.size() - 2], "Parameter group carts modified: timeout" + untried);
  EXPECT_EQ(events.back(), "Parameters of cluster orders changed by parameter group carts: timeout" + untried);
  EXPECT_EQ(Values().size(), 1U);
}

TEST_F(ParameterTrials, SomeVersionsMayBeTriedAndOthersNot) {
  GivenCluster("8.1", "cache.t4g.small");
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  Set("timeout", "60");
  ASSERT_TRUE(answer->ok());
  const auto events = world.Events();
  const std::string untried =
      "; no engine of some versions has tried the values: valkey 8.1: no connected agent has an image of it";
  EXPECT_EQ(events[events.size() - 2], "Parameter group carts modified: timeout; tried by valkey 8.0.1" + untried);
  EXPECT_EQ(events.back(), "Parameters of cluster orders changed by parameter group carts: timeout" + untried);
}

TEST_F(ParameterTrials, AnotherAgentIsAskedWhenOneCannot) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  GivenAgent("agent-b", {{"valkey", "8.0.1"}});
  trials.problems[model::AgentName("agent-a")] = Unavailable("its session ended");
  Set("timeout", "60");
  EXPECT_EQ(Orders(), (std::vector<std::string>{"agent-a valkey 8.0.1", "agent-b valkey 8.0.1"}));
  EXPECT_EQ((*answer)->trials.front(), (ParameterTrial{"valkey", "8.0", "agent-b", "8.0.1"}));
}

TEST_F(ParameterTrials, AnotherAgentIsNotAskedWhenCallersHaveWaitedForLong) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  GivenAgent("agent-b", {{"valkey", "8.0.1"}});
  trials.hold = true;
  Set("timeout", "60");
  EXPECT_FALSE(answer);
  world.clock.Advance(6500ms);
  trials.waiting.at(0)(Unavailable("it did not answer in time"));
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_EQ(trials.ordered.size(), 1U);
  EXPECT_EQ((*answer)->trials.front().problem, "agent-a: it did not answer in time");
}

TEST_F(ParameterTrials, AGroupThatChangedMeanwhileIsLeftAlone) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  trials.hold = true;
  Set("timeout", "60");
  trials.hold = false;
  std::optional<Result<ChangedParameterGroup>> other;
  groups.ModifyParameterGroup({"carts", {{"maxmemory-samples", "9"}}}, [&](const auto& changed) { other = changed; });
  ASSERT_TRUE(other && other->ok());
  trials.waiting.at(0)({});
  EXPECT_EQ(ErrorOf(), Aborted("name: \"carts\" changed while engines tried the values; nothing was changed by this "
                               "call: try again"));
  EXPECT_EQ(Values(), (catalog::Values{{"maxmemory-samples", "9"}}));
}

TEST_F(ParameterTrials, AGroupThatWasDeletedMeanwhileStaysSo) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  trials.hold = true;
  Set("timeout", "60");
  ASSERT_TRUE(groups.DeleteParameterGroup({"carts"}).ok());
  trials.waiting.at(0)({});
  EXPECT_EQ(ErrorOf().code, ErrorCode::kNotFound);
}

// Of two calls alike the later finds nothing to do.
TEST_F(ParameterTrials, TheSameChangeMadeMeanwhileIsNoConflict) {
  GivenAgent("agent-a", {{"valkey", "8.0.1"}});
  trials.hold = true;
  Set("timeout", "60");
  groups.ModifyParameterGroup({"carts", {{"timeout", "60"}}}, [](const auto& changed) { EXPECT_TRUE(changed.ok()); });
  trials.waiting.at(1)({});
  trials.waiting.at(0)({});
  EXPECT_TRUE(answer && answer->ok());
}

}  // namespace
}  // namespace cacheplane::service
