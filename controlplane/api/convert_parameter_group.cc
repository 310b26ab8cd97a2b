// Parameter groups and parameters.
#include "cacheplane/v1/parameter_group.pb.h"
#include "controlplane/api/proto_convert.h"

namespace cacheplane::api {

service::CreateParameterGroupRequest FromProto(const v1::CreateParameterGroupRequest& message) {
  const v1::ParameterGroup& group = message.parameter_group();
  return {group.name(),
          group.family(),
          group.description(),
          message.request_id(),
          {group.tags().begin(), group.tags().end()}};
}

service::CopyParameterGroupRequest FromProto(const v1::CopyParameterGroupRequest& message) {
  return {message.source(), message.name(), message.description(), message.request_id()};
}

service::ModifyParameterGroupRequest FromProto(const v1::ModifyParameterGroupRequest& message) {
  service::ModifyParameterGroupRequest request{message.name(), {}, message.etag(), message.request_id()};
  for (const v1::ParameterValue& parameter : message.parameters()) {
    request.parameters.push_back({parameter.name(), parameter.value()});
  }
  return request;
}

service::ResetParameterGroupRequest FromProto(const v1::ResetParameterGroupRequest& message) {
  return {message.name(),
          message.all_parameters(),
          {message.parameters().begin(), message.parameters().end()},
          message.etag(),
          message.request_id()};
}

service::DeleteParameterGroupRequest FromProto(const v1::DeleteParameterGroupRequest& message) {
  return {message.name(), message.etag(), message.request_id()};
}

void ToProto(const model::ParameterGroup& group, v1::ParameterGroup& message) {
  message.set_name(group.name);
  message.set_family(group.family);
  message.set_description(group.description);
  message.set_is_default(service::IsDefaultParameterGroup(group.name));
  message.set_etag(service::EtagOf(group));
  message.mutable_tags()->insert(group.tags.begin(), group.tags.end());
}

void ToProto(const service::ParameterTrial& trial, v1::ParameterTrial& message) {
  message.set_engine(trial.engine);
  message.set_engine_version(trial.version);
  message.set_agent(trial.agent);
  message.set_image_version(trial.image_version);
  message.set_problem(trial.problem);
}

void ToProto(const service::ParameterDetails& details, v1::Parameter& message) {
  const catalog::Parameter& parameter = *details.parameter;
  message.set_name(parameter.name);
  message.set_value(details.value);
  message.set_source(details.is_set ? "user" : "system");
  message.set_data_type(parameter.type);
  message.set_allowed_values(parameter.allowed);
  message.set_is_modifiable(parameter.modifiable);
  message.set_change_type(parameter.needs_restart ? "requires-reboot" : "immediate");
  message.set_minimum_engine_version(parameter.since);
  message.set_description(parameter.description);
}

}  // namespace cacheplane::api
