// Parameter groups and their parameters.
#include "controlplane/service/parameter_groups.h"

#include <fmt/format.h>

#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/paging.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/tag_quota.h"
#include "controlplane/gateway/aws/wire/arn.h"
#include "controlplane/service/parameter_group_service.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ParameterDetails;

constexpr FaultNames kNames = {.not_found = "CacheParameterGroupNotFoundFault",
                               .exists = "CacheParameterGroupAlreadyExistsFault",
                               .state = "InvalidCacheParameterGroupStateFault",
                               .quota = "CacheParameterGroupQuotaExceededFault"};

Fault Refused(const Error& error) {
  const Error told = InApiWords(error, {{"parameter_group", "CacheParameterGroupName"},
                                        {"name", "CacheParameterGroupName"},
                                        {"family", "CacheParameterGroupFamily"},
                                        {"source", "Source"},
                                        {"all_parameters", "ResetAllParameters"},
                                        {"parameters", "ParameterNameValues"}});
  return FaultOf(told, kNames);
}

std::string NameIn(const Json& input) { return input.value("CacheParameterGroupName", ""); }

// AWS says so at once; what is in a wrong state is tried again by clients.
std::optional<Fault> CheckNotDefault(const std::string& name) {
  if (!service::IsDefaultParameterGroup(name)) return std::nullopt;
  return InvalidParameterValue(fmt::format(
      "CacheParameterGroupName: \"{}\" is a default parameter group, which never changes; allowed: groups of your own",
      name));
}

Json Show(const model::ParameterGroup& group, const std::string& region) {
  return {{"CacheParameterGroupName", group.name},
          {"CacheParameterGroupFamily", group.family},
          {"Description", group.description},
          {"IsGlobal", false},
          {"ARN", ArnOf(region, "parametergroup", group.name)}};
}

Json ShowParameter(const ParameterDetails& details) {
  const catalog::Parameter& parameter = *details.parameter;
  return {{"ParameterName", parameter.name},
          {"ParameterValue", details.value},
          {"Description", parameter.description},
          {"Source", details.is_set ? "user" : "system"},
          {"DataType", parameter.type},
          {"AllowedValues", parameter.allowed},
          {"IsModifiable", parameter.modifiable},
          {"MinimumEngineVersion", parameter.since},
          {"ChangeType", parameter.needs_restart ? "requires-reboot" : "immediate"}};
}

Answer Create(service::ParameterGroupService& groups, const Call& call) {
  if (const auto fault = CheckNotDefault(NameIn(call.input))) return *fault;
  const auto tags = TagsIn(call.input);
  if (!tags.ok()) return Refused(tags.error());
  if (const auto fault = CheckTagQuota(*tags)) return *fault;
  const auto group = groups.CreateParameterGroup({NameIn(call.input), call.input.value("CacheParameterGroupFamily", ""),
                                                  call.input.value("Description", ""), RequestIdOf(call), *tags});
  if (!group.ok()) return Refused(group.error());
  return Json{{"CacheParameterGroup", Show(*group, call.region)}};
}

Answer Describe(service::ParameterGroupService& groups, const Call& call) {
  const std::string name = NameIn(call.input);
  const auto list = [&](const service::ListRequest& page) -> Result<service::Page<model::ParameterGroup>> {
    if (name.empty()) return groups.ListParameterGroups(page);
    CP_ASSIGN_OR_RETURN(const model::ParameterGroup group, groups.GetParameterGroup(name));
    return service::Page<model::ParameterGroup>{{group}, ""};
  };
  return AnswerPage(
      call, "CacheParameterGroups", list, [&](const auto& group) { return Show(group, call.region); }, Refused);
}

// Answers with the name once engines have tried the values.
service::ParameterGroupService::Done NameAnswer(const Done& done) {
  return [done](const Result<service::ChangedParameterGroup>& changed) {
    if (!changed.ok()) return done(Refused(changed.error()));
    done(Json{{"CacheParameterGroupName", changed->group.name}});
  };
}

void Modify(service::ParameterGroupService& groups, const Call& call, const Done& done) {
  if (const auto fault = CheckNotDefault(NameIn(call.input))) return done(*fault);
  service::ModifyParameterGroupRequest request{NameIn(call.input), {}, "", RequestIdOf(call)};
  for (const Json& value : call.input.value("ParameterNameValues", Json::array())) {
    request.parameters.push_back({value.value("ParameterName", ""), value.value("ParameterValue", "")});
  }
  groups.ModifyParameterGroup(request, NameAnswer(done));
}

void Reset(service::ParameterGroupService& groups, const Call& call, const Done& done) {
  if (const auto fault = CheckNotDefault(NameIn(call.input))) return done(*fault);
  service::ResetParameterGroupRequest request{
      NameIn(call.input), call.input.value("ResetAllParameters", false), {}, "", RequestIdOf(call)};
  for (const Json& value : call.input.value("ParameterNameValues", Json::array())) {
    request.parameters.push_back(value.value("ParameterName", ""));
  }
  if (request.all_parameters && !request.parameters.empty()) {
    return done(InvalidParameterCombination("ResetAllParameters and ParameterNameValues exclude each other"));
  }
  groups.ResetParameterGroup(request, NameAnswer(done));
}

Answer DescribeParameters(service::ParameterGroupService& groups, const Call& call) {
  const auto list = [&](const service::ListRequest& page) {
    return groups.ListParameters({NameIn(call.input), call.input.value("Source", ""), page});
  };
  return AnswerPage(call, "Parameters", list, ShowParameter, Refused);
}

Answer DescribeDefaults(service::ParameterGroupService& groups, const Call& call) {
  const std::string family = call.input.value("CacheParameterGroupFamily", "");
  const auto list = [&](const service::ListRequest& page) { return groups.ListEngineDefaultParameters(family, page); };
  Answer answer = AnswerPage(call, "Parameters", list, ShowParameter, Refused);
  if (std::holds_alternative<Fault>(answer)) return answer;
  Json& defaults = std::get<Json>(answer);
  defaults["CacheParameterGroupFamily"] = family;
  return Json{{"EngineDefaults", defaults}};
}

Answer Delete(service::ParameterGroupService& groups, const Call& call) {
  if (const auto fault = CheckNotDefault(NameIn(call.input))) return *fault;
  const Status deleted = groups.DeleteParameterGroup({NameIn(call.input), "", RequestIdOf(call)});
  if (!deleted.ok()) return Refused(deleted.error());
  return Json::object();
}

}  // namespace

void AddParameterGroups(HandlerTable& table, const Services& services) {
  service::ParameterGroupService& groups = services.parameter_groups;
  const auto at_once = [&groups](Answer (*answer)(service::ParameterGroupService&, const Call&)) {
    return AtOnce([&groups, answer](const Call& call) { return answer(groups, call); });
  };
  table["CreateCacheParameterGroup"] = at_once(Create);
  table["DescribeCacheParameterGroups"] = at_once(Describe);
  table["ModifyCacheParameterGroup"] = [&groups](const Call& call, const Done& done) { Modify(groups, call, done); };
  table["ResetCacheParameterGroup"] = [&groups](const Call& call, const Done& done) { Reset(groups, call, done); };
  table["DescribeCacheParameters"] = at_once(DescribeParameters);
  table["DescribeEngineDefaultParameters"] = at_once(DescribeDefaults);
  table["DeleteCacheParameterGroup"] = at_once(Delete);
}

}  // namespace cacheplane::gateway::aws
