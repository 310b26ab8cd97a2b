// ParameterGroupService over the wire.
#include "tests/unit/api/served.h"

namespace cacheplane::api {
namespace {

TEST_F(Served, ParameterGroupsTellEverythingOfAParameter) {
  const auto stub = v1::ParameterGroupService::NewStub(channel);
  v1::CreateParameterGroupRequest create;
  create.mutable_parameter_group()->set_name("Carts");
  create.mutable_parameter_group()->set_family("valkey8");
  v1::CreateParameterGroupResponse created;
  ASSERT_TRUE(stub->CreateParameterGroup(Context().get(), create, &created).ok());
  EXPECT_EQ(created.parameter_group().name(), "carts");
  EXPECT_FALSE(created.parameter_group().is_default());

  v1::ModifyParameterGroupRequest modify;
  modify.set_name("carts");
  modify.set_etag(created.parameter_group().etag());
  v1::ParameterValue& value = *modify.add_parameters();
  value.set_name("maxmemory-samples");
  value.set_value("9");
  v1::ModifyParameterGroupResponse modified;
  ASSERT_TRUE(stub->ModifyParameterGroup(Context().get(), modify, &modified).ok());
  EXPECT_EQ(stub->ModifyParameterGroup(Context().get(), modify, &modified).error_code(), grpc::StatusCode::ABORTED);

  v1::ListParametersRequest list;
  list.set_parameter_group("carts");
  list.set_source("user");
  v1::ListParametersResponse listed;
  ASSERT_TRUE(stub->ListParameters(Context().get(), list, &listed).ok());
  ASSERT_EQ(listed.parameters_size(), 1);
  const v1::Parameter& parameter = listed.parameters(0);
  EXPECT_EQ(parameter.name(), "maxmemory-samples");
  EXPECT_EQ(parameter.value(), "9");
  EXPECT_EQ(parameter.source(), "user");
  EXPECT_EQ(parameter.data_type(), "integer");
  EXPECT_EQ(parameter.allowed_values(), "1-64");
  EXPECT_TRUE(parameter.is_modifiable());
  EXPECT_EQ(parameter.change_type(), "immediate");
  EXPECT_EQ(parameter.minimum_engine_version(), "8.0");
  EXPECT_FALSE(parameter.description().empty());
}

TEST_F(Served, ParameterGroupsAnswerOnceEnginesHave) {
  const auto stub = v1::ParameterGroupService::NewStub(channel);
  v1::CopyParameterGroupRequest copy;
  copy.set_source("default.valkey8");
  copy.set_name("carts");
  v1::CopyParameterGroupResponse copied;
  ASSERT_TRUE(stub->CopyParameterGroup(Context().get(), copy, &copied).ok());
  world.AddHost(service::HostOf("agent-a", "us-east-1a", service::kGibibyte, {{"valkey", "8.1.1"}}));
  model::AgentFacts& facts = world.facts.facts.agents[model::AgentName("agent-a")];
  facts.connected = true;
  facts.heard = world.clock.Mono();

  v1::ModifyParameterGroupRequest modify;
  modify.set_name("carts");
  modify.add_parameters()->set_name("timeout");
  modify.mutable_parameters(0)->set_value("60");
  v1::ModifyParameterGroupResponse modified;
  ASSERT_TRUE(stub->ModifyParameterGroup(Context().get(), modify, &modified).ok());
  ASSERT_EQ(modified.trials_size(), 1);
  EXPECT_EQ(modified.trials(0).engine(), "valkey");
  EXPECT_EQ(modified.trials(0).engine_version(), "8.1");
  EXPECT_EQ(modified.trials(0).image_version(), "8.1.1");
  EXPECT_EQ(modified.trials(0).agent(), "agent-a");

  trials.problems[model::AgentName("agent-a")] = InvalidArgument("no");
  v1::ResetParameterGroupRequest reset;
  reset.set_name("carts");
  reset.set_all_parameters(true);
  v1::ResetParameterGroupResponse answered;
  const grpc::Status refused = stub->ResetParameterGroup(Context().get(), reset, &answered);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(refused.error_message(), "parameters: valkey 8.1.1 refuses \"timeout=0\": no; nothing was changed");
}

TEST_F(Served, ParameterGroupsAreCopiedResetAndDeleted) {
  const auto stub = v1::ParameterGroupService::NewStub(channel);
  v1::CopyParameterGroupRequest copy;
  copy.set_source("default.redis7");
  copy.set_name("sessions");
  copy.set_description("a copy");
  v1::CopyParameterGroupResponse copied;
  ASSERT_TRUE(stub->CopyParameterGroup(Context().get(), copy, &copied).ok());
  EXPECT_EQ(copied.parameter_group().family(), "redis7");
  EXPECT_EQ(copied.parameter_group().description(), "a copy");

  v1::ResetParameterGroupRequest reset;
  reset.set_name("sessions");
  reset.add_parameters("timeout");
  v1::ResetParameterGroupResponse answered;
  EXPECT_TRUE(stub->ResetParameterGroup(Context().get(), reset, &answered).ok());
  reset.set_name("default.redis7");
  EXPECT_EQ(stub->ResetParameterGroup(Context().get(), reset, &answered).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);

  v1::ListParameterGroupsResponse groups;
  ASSERT_TRUE(stub->ListParameterGroups(Context().get(), {}, &groups).ok());
  EXPECT_EQ(groups.parameter_groups_size(), 11);
  v1::ListEngineDefaultParametersRequest of_family;
  of_family.set_family("valkey9");
  v1::ListEngineDefaultParametersResponse defaults;
  ASSERT_TRUE(stub->ListEngineDefaultParameters(Context().get(), of_family, &defaults).ok());
  EXPECT_GT(defaults.parameters_size(), 60);

  v1::DeleteParameterGroupRequest remove;
  remove.set_name("sessions");
  v1::DeleteParameterGroupResponse removed;
  EXPECT_TRUE(stub->DeleteParameterGroup(Context().get(), remove, &removed).ok());
  v1::GetParameterGroupRequest get;
  get.set_name("sessions");
  v1::GetParameterGroupResponse got;
  EXPECT_EQ(stub->GetParameterGroup(Context().get(), get, &got).error_code(), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace cacheplane::api
