#include "cacheplane/v1/parameter_group.pb.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class ParameterGroupCommandsTest : public CommandLineTest {};

TEST_F(ParameterGroupCommandsTest, Create) {
  server_.On<v1::CreateParameterGroupRequest, v1::CreateParameterGroupResponse>(
      [](const v1::CreateParameterGroupRequest& request, v1::CreateParameterGroupResponse* response) -> Status {
        *response->mutable_parameter_group() = request.parameter_group();
        response->mutable_parameter_group()->set_etag("e1");
        return {};
      });
  EXPECT_EQ(Run("parameter-group create carts --family valkey8 --description test --request-id r").out,
            "Name:         carts\nFamily:       valkey8\nDescription:  test\nEtag:         e1\n");
  EXPECT_EQ(server_.Asked<v1::CreateParameterGroupRequest>().front().request_id(), "r");
}

TEST_F(ParameterGroupCommandsTest, Copy) {
  EXPECT_EQ(Run("parameter-group copy default.valkey8 carts").code, 0);
  const auto asked = server_.Asked<v1::CopyParameterGroupRequest>().front();
  EXPECT_EQ(asked.source(), "default.valkey8");
  EXPECT_EQ(asked.name(), "carts");
}

TEST_F(ParameterGroupCommandsTest, ModifySetsPairs) {
  EXPECT_EQ(Run({"parameter-group", "modify", "carts", "--set", "timeout=60", "--set",
                 "notify-keyspace-events=", "--etag", "e1"})
                .code,
            0);
  const auto asked = server_.Asked<v1::ModifyParameterGroupRequest>().front();
  ASSERT_EQ(asked.parameters_size(), 2);
  EXPECT_EQ(asked.parameters(0).name(), "notify-keyspace-events");
  EXPECT_EQ(asked.parameters(0).value(), "");
  EXPECT_EQ(asked.parameters(1).value(), "60");
  EXPECT_EQ(asked.etag(), "e1");
  EXPECT_EQ(Run("parameter-group modify carts").code, 252);
  EXPECT_EQ(Run("parameter-group modify carts --set timeout").code, 252);
  EXPECT_EQ(Run("parameter-group modify carts --set a=1 --set a=2").code, 252);
}

TEST_F(ParameterGroupCommandsTest, WhatNoEngineHasTriedIsToldOnStandardError) {
  v1::ModifyParameterGroupResponse response;
  response.mutable_parameter_group()->set_name("carts");
  v1::ParameterTrial& tried = *response.add_trials();
  tried.set_engine("valkey");
  tried.set_engine_version("8.0");
  tried.set_agent("agent-a");
  tried.set_image_version("8.0.1");
  v1::ParameterTrial& untried = *response.add_trials();
  untried.set_engine("valkey");
  untried.set_engine_version("8.1");
  untried.set_problem("no connected agent has an image of it");
  server_.Answer<v1::ModifyParameterGroupRequest>(response);
  const auto ran = Run({"parameter-group", "modify", "carts", "--set", "timeout=60"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.err,
            "an engine of valkey 8.0.1 on agent-a started with the values\n"
            "no engine of valkey 8.1 has tried the values: no connected agent has an image of it\n");
}

TEST_F(ParameterGroupCommandsTest, ResetSomeOrAll) {
  EXPECT_EQ(Run("parameter-group reset carts --parameters timeout,databases").code, 0);
  EXPECT_EQ(Run("parameter-group reset carts --all").code, 0);
  const auto asked = server_.Asked<v1::ResetParameterGroupRequest>();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].parameters_size(), 2);
  EXPECT_FALSE(asked[0].all_parameters());
  EXPECT_TRUE(asked[1].all_parameters());
  EXPECT_EQ(Run("parameter-group reset carts").code, 252);
  EXPECT_EQ(Run("parameter-group reset carts --all --parameters timeout").code, 252);
}

TEST_F(ParameterGroupCommandsTest, ParametersAreATable) {
  v1::ListParametersResponse response;
  v1::Parameter& row = *response.add_parameters();
  row.set_name("timeout");
  row.set_value("60");
  row.set_source("user");
  row.set_is_modifiable(true);
  row.set_allowed_values("0,20-");
  row.set_change_type("immediate");
  row.set_minimum_engine_version("8.0");
  response.add_parameters()->set_name("appendonly");
  server_.Answer<v1::ListParametersRequest>(response);
  const std::string out = Run("parameter-group parameters carts --source user").out;
  EXPECT_NE(out.find("timeout     60     user    0,20-    immediate  8.0"), std::string::npos) << out;
  EXPECT_NE(out.find("appendonly  -      -       fixed"), std::string::npos) << out;
  EXPECT_EQ(server_.Asked<v1::ListParametersRequest>().front().source(), "user");
  EXPECT_EQ(Run("parameter-group parameters carts -o names").out, "timeout\nappendonly\n");
  EXPECT_EQ(Run("parameter-group parameters carts --source mine").code, 252);
}

TEST_F(ParameterGroupCommandsTest, ListsAndDeletes) {
  v1::ListParameterGroupsResponse response;
  v1::ParameterGroup& group = *response.add_parameter_groups();
  group.set_name("default.valkey8");
  group.set_family("valkey8");
  group.set_is_default(true);
  server_.Answer<v1::ListParameterGroupsRequest>(response);
  EXPECT_EQ(Run("parameter-group list").out,
            "NAME             FAMILY   DEFAULT  DESCRIPTION\ndefault.valkey8  valkey8  yes      -\n");
  EXPECT_EQ(Run("parameter-group engine-defaults redis7").code, 0);
  EXPECT_EQ(server_.Asked<v1::ListEngineDefaultParametersRequest>().front().family(), "redis7");
  EXPECT_EQ(Run("parameter-group delete carts").out, "parameter group carts deleted\n");
  server_.Refuse<v1::DeleteParameterGroupRequest>(FailedPrecondition("in use"));
  EXPECT_EQ(Run("parameter-group delete carts").code, 4);
}

TEST_F(ParameterGroupCommandsTest, DescribeOfAClusterNamesWhatWaitsForARestart) {
  v1::GetClusterResponse response;
  *response.mutable_cluster() = AvailableCluster();
  response.mutable_cluster()->mutable_shards(0)->mutable_nodes(1)->add_pending_restart_parameters("activerehashing");
  server_.Answer<v1::GetClusterRequest>(response);
  const std::string out = Run("cluster describe orders").out;
  EXPECT_NE(out.find("Pending restart:      orders-002: activerehashing\n"), std::string::npos) << out;
}

}  // namespace
}  // namespace cacheplane::cli
