// ParameterGroupService: groups, their values, and whom a change reaches.
#include <gtest/gtest.h>

#include "controlplane/service/parameter_group_service.h"
#include "tests/unit/service/ordered_trials.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {
namespace {

using Values = std::vector<ParameterValue>;

// Of a world without agents.
constexpr const char* kUntried =
    "; no engine has tried the values: valkey 8.0: no connected agent has an image of it; valkey 8.1: no connected "
    "agent "
    "has an image of it";

class ParameterGroups : public testing::Test {
 protected:
  model::ParameterGroup Given(const std::string& name, const std::string& family = "valkey8") {
    const auto group = groups.CreateParameterGroup({name, family, "for tests"});
    EXPECT_TRUE(group.ok()) << group.error().message;
    return *group;
  }
  void GivenCluster(const std::string& name, const std::string& group) {
    CreateClusterRequest request = World::Request(name);
    request.spec.parameter_group = group;
    const auto answer = world.clusters.CreateCluster(request);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
  }
  // Agents answer before these return.
  Result<model::ParameterGroup> Modify(const ModifyParameterGroupRequest& request) {
    Result<model::ParameterGroup> group = Internal("not answered");
    groups.ModifyParameterGroup(request, [&](const Result<ChangedParameterGroup>& changed) {
      group = changed.ok() ? Result<model::ParameterGroup>(changed->group) : changed.error();
    });
    return group;
  }
  Result<model::ParameterGroup> Reset(const ResetParameterGroupRequest& request) {
    Result<model::ParameterGroup> group = Internal("not answered");
    groups.ResetParameterGroup(request, [&](const Result<ChangedParameterGroup>& changed) {
      group = changed.ok() ? Result<model::ParameterGroup>(changed->group) : changed.error();
    });
    return group;
  }
  Result<model::ParameterGroup> Set(const std::string& group, const Values& values) { return Modify({group, values}); }
  // As shown: "value source".
  std::string Shown(const std::string& group, const std::string& parameter) {
    const auto page = groups.ListParameters({group});
    for (const ParameterDetails& row : page->items) {
      if (row.parameter->name == parameter) return row.value + (row.is_set ? " user" : " system");
    }
    return "";
  }

  World world;
  OrderedTrials trials;
  ParameterGroupService groups{world.store, world.facts, trials, {world.signals, world.signals}, world.clock};
};

TEST_F(ParameterGroups, EveryFamilyHasTwoDefaults) {
  const auto list = groups.ListParameterGroups({});
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->items.size(), 10U);
  EXPECT_EQ(list->items[0].name, "default.redis6.x");
  EXPECT_EQ(list->items[1].name, "default.redis6.x.cluster.on");
  EXPECT_EQ(groups.GetParameterGroup("Default.Valkey9")->family, "valkey9");
  EXPECT_EQ(Shown("default.valkey8", "cluster-enabled"), "no system");
  EXPECT_EQ(Shown("default.valkey8.cluster.on", "cluster-enabled"), "yes system");
}

TEST_F(ParameterGroups, AreListedAmongTheDefaultsInPages) {
  Given("carts");
  Given("zebra");
  std::vector<std::string> names;
  std::string token;
  do {
    const auto page = groups.ListParameterGroups({5, token});
    ASSERT_TRUE(page.ok());
    for (const auto& group : page->items) names.push_back(group.name);
    token = page->next_page_token;
  } while (!token.empty());
  EXPECT_EQ(names.size(), 12U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(names.front(), "carts");
  EXPECT_EQ(names.back(), "zebra");
}

TEST_F(ParameterGroups, AreStoredInLowerCaseWithAnEvent) {
  EXPECT_EQ(Given("Carts").name, "carts");
  EXPECT_EQ(groups.GetParameterGroup("CARTS")->description, "for tests");
  EXPECT_EQ(world.Events().back(), "Parameter group carts created");
  EXPECT_EQ(groups.CreateParameterGroup({"cARTS", "valkey8", ""}).error(),
            AlreadyExists("parameter_group.name: \"carts\" is taken; allowed: any other name"));
}

TEST_F(ParameterGroups, NamesAndFamiliesAreChecked) {
  for (const char* name : {"", "1st", "-x", "default.valkey8", "a.b", "a b"}) {
    EXPECT_EQ(groups.CreateParameterGroup({name, "valkey8", ""}).error().code, ErrorCode::kInvalidArgument) << name;
  }
  EXPECT_EQ(groups.CreateParameterGroup({"a", "valkey7", ""}).error(),
            InvalidArgument("parameter_group.family: \"valkey7\" is no parameter group family; allowed: \"redis6.x\", "
                            "\"redis7\", \"redis8\", \"valkey8\", \"valkey9\""));
  EXPECT_EQ(groups.CreateParameterGroup({"a", "valkey8", "two\nlines"}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ParameterGroups, ThereAreAtMostThreeHundred) {
  for (int i = 0; i < 300; ++i) Given("g" + std::to_string(i));
  EXPECT_EQ(groups.CreateParameterGroup({"more", "valkey8", ""}).error().code, ErrorCode::kResourceExhausted);
}

TEST_F(ParameterGroups, ShowWhatWasSet) {
  Given("carts");
  const auto changed = Set("carts", {{"maxmemory-policy", "noeviction"}, {"timeout", "60"}});
  ASSERT_TRUE(changed.ok()) << changed.error().message;
  EXPECT_EQ(Shown("carts", "maxmemory-policy"), "noeviction user");
  EXPECT_EQ(Shown("carts", "maxmemory-samples"), "3 system");
  EXPECT_EQ(groups.ListParameters({"carts", "user"})->items.size(), 2U);
  EXPECT_EQ(groups.ListParameters({"carts", "system"})->items.size(), 67U);
  EXPECT_TRUE(groups.ListParameters({"carts", "engine-default"})->items.empty());
  EXPECT_EQ(groups.ListParameters({"carts", "mine"}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(world.Events().back(), "Parameter group carts modified: maxmemory-policy, timeout" + std::string(kUntried));
}

TEST_F(ParameterGroups, ValuesAreChecked) {
  Given("carts");
  const auto refused = [&](const Values& values) { return Set("carts", values).error(); };
  EXPECT_EQ(refused({{"maxmemory-samples", "99"}}),
            InvalidArgument("parameters: parameter maxmemory-samples cannot be '99'; allowed: 1-64"));
  EXPECT_EQ(refused({{"timeout", "60\n"}}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused({{"appendonly", "yes"}}),
            InvalidArgument("parameters: parameter appendonly cannot be modified; it is 'no'"));
  EXPECT_EQ(refused({{"maxmemory-polcy", "noeviction"}}),
            InvalidArgument("parameters: parameter family 'valkey8' has no parameter 'maxmemory-polcy'; did you mean "
                            "'maxmemory-policy'?"));
  EXPECT_EQ(refused({{"timeout", "60"}, {"timeout", "60"}}),
            InvalidArgument("parameters: \"timeout\" is named twice; allowed: each parameter once"));
  EXPECT_EQ(refused({{"reserved-memory", "1"}, {"reserved-memory-percent", "10"}}),
            InvalidArgument("parameters: reserved-memory-percent and reserved-memory exclude each other"));
  EXPECT_EQ(refused({}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(Values(21, {"timeout", "60"})),
            InvalidArgument("parameters: 21 parameters; allowed: 1 to 20 a call"));
  EXPECT_TRUE(groups.ListParameters({"carts", "user"})->items.empty());
}

TEST_F(ParameterGroups, AreResetInPartOrWhole) {
  Given("carts");
  ASSERT_TRUE(Set("carts", {{"maxmemory-policy", "noeviction"}, {"timeout", "60"}, {"maxmemory-samples", "9"}}).ok());
  ASSERT_TRUE(Reset({"carts", false, {"timeout"}}).ok());
  EXPECT_EQ(Shown("carts", "timeout"), "0 system");
  EXPECT_EQ(Shown("carts", "maxmemory-samples"), "9 user");
  EXPECT_EQ(Reset({"carts", false, {}}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Reset({"carts", true, {"timeout"}}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Reset({"carts", false, {"time"}}).error(),
            InvalidArgument("parameters: parameter family 'valkey8' has no parameter 'time'; did you mean 'timeout'?"));
  ASSERT_TRUE(Reset({"carts", true, {}}).ok());
  EXPECT_TRUE(groups.ListParameters({"carts", "user"})->items.empty());
}

TEST_F(ParameterGroups, AreCopied) {
  Given("carts");
  ASSERT_TRUE(Set("carts", {{"timeout", "60"}}).ok());
  const auto copy = groups.CopyParameterGroup({"Carts", "carts-too", "a copy"});
  ASSERT_TRUE(copy.ok()) << copy.error().message;
  EXPECT_EQ(Shown("carts-too", "timeout"), "60 user");
  EXPECT_EQ(copy->description, "a copy");
  EXPECT_EQ(groups.CopyParameterGroup({"default.redis7", "sessions", ""})->family, "redis7");
  EXPECT_EQ(groups.CopyParameterGroup({"nowhere", "x", ""}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(groups.CopyParameterGroup({"carts", "carts-too", ""}).error().code, ErrorCode::kAlreadyExists);
}

TEST_F(ParameterGroups, DefaultsStayAsTheyAre) {
  EXPECT_EQ(Set("default.valkey8", {{"timeout", "60"}}).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Reset({"Default.Valkey8", true, {}}).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(groups.DeleteParameterGroup({"default.valkey8"}).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(ParameterGroups, WhatIsUsedIsNotDeleted) {
  Given("carts");
  GivenCluster("orders", "Carts");
  EXPECT_EQ(groups.DeleteParameterGroup({"carts"}).error(),
            FailedPrecondition("name: parameter group \"carts\" is in use by cluster \"orders\"; allowed: once nothing "
                               "uses it"));
  world.RemoveRow("orders");
  EXPECT_TRUE(groups.DeleteParameterGroup({"CARTS"}).ok());
  EXPECT_EQ(groups.GetParameterGroup("carts").error().code, ErrorCode::kNotFound);
}

TEST_F(ParameterGroups, AClustersGroupIsOfItsFamily) {
  Given("sessions", "redis7");
  CreateClusterRequest request = World::Request("orders");
  request.spec.parameter_group = "sessions";
  const std::string message = world.clusters.CreateCluster(request).error().message;
  EXPECT_TRUE(
      message.starts_with("spec.parameter_group: \"sessions\" is of family \"redis7\", and valkey 8.0 takes "
                          "parameters of family \"valkey8\""))
      << message;
}

TEST_F(ParameterGroups, AChangeReachesThoseThatUseIt) {
  Given("carts");
  GivenCluster("orders", "carts");
  GivenCluster("others", "");
  ASSERT_TRUE(Set("carts", {{"timeout", "60"}}).ok());
  EXPECT_EQ(world.signals.reassigned.size(), 1U);
  EXPECT_EQ(
      world.Events().back(),
      "Parameters of cluster orders changed by parameter group carts: timeout; no engine has tried the values: valkey "
      "8.0: no connected agent has an image of it");
  // The same again changes nothing for them.
  ASSERT_TRUE(Set("carts", {{"timeout", "60"}}).ok());
  ASSERT_TRUE(Set("carts", {{"maxmemory-samples", "3"}}).ok());
  EXPECT_EQ(world.signals.reassigned.size(), 1U);
}

TEST_F(ParameterGroups, DatabasesStayWhileAClusterUsesThem) {
  Given("carts");
  ASSERT_TRUE(Set("carts", {{"databases", "32"}}).ok());
  GivenCluster("orders", "carts");
  EXPECT_TRUE(Set("carts", {{"databases", "32"}}).ok());
  EXPECT_EQ(Set("carts", {{"databases", "64"}}).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Reset({"carts", true, {}}).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(ParameterGroups, LeaveMemoryOnEveryClusterThatUsesThem) {
  Given("carts");
  ASSERT_TRUE(Set("carts", {{"reserved-memory", "1400000000"}}).ok());
  GivenCluster("orders", "carts");
  const Error error = Set("carts", {{"reserved-memory", "1500000000"}}).error();
  EXPECT_EQ(error.code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(error.message.find("leaves no memory on cache.t4g.small of cluster \"orders\""), std::string::npos)
      << error.message;
}

TEST_F(ParameterGroups, AStaleEtagChangesNothing) {
  const std::string first = EtagOf(Given("carts"));
  const auto changed = Modify({"carts", {{"timeout", "60"}}, first});
  ASSERT_TRUE(changed.ok());
  EXPECT_NE(EtagOf(*changed), first);
  EXPECT_EQ(Modify({"carts", {{"timeout", "90"}}, first}).error().code, ErrorCode::kAborted);
  EXPECT_EQ(Reset({"carts", true, {}, first}).error().code, ErrorCode::kAborted);
  EXPECT_EQ(groups.DeleteParameterGroup({"carts", first}).error().code, ErrorCode::kAborted);
  EXPECT_EQ(Shown("carts", "timeout"), "60 user");
}

TEST_F(ParameterGroups, ARepeatedCallHasOneEffect) {
  const CreateParameterGroupRequest create{"carts", "valkey8", "", "id-1"};
  ASSERT_TRUE(groups.CreateParameterGroup(create).ok());
  EXPECT_EQ(groups.CreateParameterGroup(create)->name, "carts");
  const ModifyParameterGroupRequest modify{"carts", {{"timeout", "60"}}, "", "id-2"};
  ASSERT_TRUE(Modify(modify).ok());
  ASSERT_TRUE(Set("carts", {{"timeout", "90"}}).ok());
  ASSERT_TRUE(Modify(modify).ok());
  EXPECT_EQ(Shown("carts", "timeout"), "90 user");
  EXPECT_EQ(Modify({"carts", {{"timeout", "61"}}, "", "id-2"}).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(groups.DeleteParameterGroup({"carts", "", "id-3"}).ok());
  EXPECT_TRUE(groups.DeleteParameterGroup({"carts", "", "id-3"}).ok());
  EXPECT_EQ(groups.DeleteParameterGroup({"carts"}).error().code, ErrorCode::kNotFound);
}

TEST_F(ParameterGroups, EngineDefaultsAreThoseOfTheFamily) {
  const auto rows = groups.ListEngineDefaultParameters("Redis7", {3, ""});
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->items.size(), 3U);
  EXPECT_EQ(rows->items[0].parameter->name, "acl-pubsub-default");
  EXPECT_FALSE(rows->next_page_token.empty());
  EXPECT_EQ(groups.ListEngineDefaultParameters("redis9", {}).error().code, ErrorCode::kInvalidArgument);
  // A token is of one list.
  EXPECT_EQ(groups.ListEngineDefaultParameters("valkey8", {3, rows->next_page_token}).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace cacheplane::service
