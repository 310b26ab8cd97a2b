#include "controlplane/service/parameter_group_changes.h"

#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/service/object_users.h"
#include "controlplane/service/parameter_groups.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/validate_parameters.h"

namespace cacheplane::service {
namespace {

using Write = ParameterGroupChange::Write;

Status CheckQuota(ports::ParameterGroupTable& table) {
  if (table.List({.after = "", .limit = kMostParameterGroups}).size() <
      static_cast<std::size_t>(kMostParameterGroups)) {
    return {};
  }
  return Error{ErrorCode::kResourceExhausted,
               fmt::format("parameter_group: there are {0} groups; allowed: at most {0}", kMostParameterGroups)};
}

Result<ParameterGroupChange> Insertion(ports::Transaction& transaction, std::string_view field,
                                       model::ParameterGroup group, const std::string& event) {
  if (transaction.parameter_groups().Find(group.name)) {
    return AlreadyExists(fmt::format("{}: {} is taken; allowed: any other name", field, Quoted(group.name)));
  }
  CP_RETURN_IF_ERROR(CheckQuota(transaction.parameter_groups()));
  ParameterGroupChange change;
  change.write = Write::kInsert;
  change.event = fmt::format("Parameter group {} {}", group.name, event);
  change.group = std::move(group);
  return change;
}

Status CheckEtag(const model::ParameterGroup& group, const std::string& etag) {
  const std::string current = EtagOf(group);
  if (etag.empty() || etag == current) return {};
  return Aborted(
      fmt::format("etag: {} is stale, the parameter group changed since; current: {}", Quoted(etag), Quoted(current)));
}

// One that may be changed.
Result<model::ParameterGroup> RequireOwn(ports::Transaction& transaction, const std::string& name,
                                         const std::string& etag) {
  CP_ASSIGN_OR_RETURN(model::ParameterGroup group, RequireParameterGroup(transaction, "name", name));
  if (IsDefaultParameterGroup(group.name)) {
    return FailedPrecondition(
        fmt::format("name: {} is a default group, which is never changed or deleted; allowed: groups of your own, also "
                    "copies of it",
                    Quoted(group.name)));
  }
  CP_RETURN_IF_ERROR(CheckEtag(group, etag));
  return group;
}

Result<ParameterGroupChange> Update(ports::Transaction& transaction, const model::ParameterGroup& before,
                                    model::ParameterGroup after, const char* verb) {
  ParameterGroupChange change;
  change.users = ClustersUsingParameterGroup(transaction, before.name);
  CP_RETURN_IF_ERROR(CheckChange(before, after, change.users));
  change.write = before == after ? Write::kNothing : Write::kUpdate;
  change.parameters = ChangedParameters(before, after);
  change.event = fmt::format("Parameter group {} {}: {}", after.name, verb,
                             change.parameters.empty() ? "no value changed" : Join(change.parameters, ", "));
  if (change.parameters.empty()) change.users.clear();
  change.group = std::move(after);
  return change;
}

}  // namespace

Result<model::ParameterGroup> RequireParameterGroup(ports::Transaction& transaction, std::string_view field,
                                                    const std::string& name) {
  if (name.empty()) return Missing(field, "the name of a parameter group");
  std::optional<model::ParameterGroup> group = FindParameterGroup(transaction.parameter_groups(), name);
  if (!group) return NotFound(fmt::format("{}: there is no parameter group {}", field, Quoted(name)));
  return *std::move(group);
}

Result<ParameterGroupChange> PrepareCreate(ports::Transaction& transaction,
                                           const CreateParameterGroupRequest& request) {
  constexpr std::string_view kField = "parameter_group.name";
  model::ParameterGroup group{.name = "", .family = ToLower(request.family), .description = request.description};
  CP_ASSIGN_OR_RETURN(group.name, CheckParameterGroupName(kField, request.name));
  CP_RETURN_IF_ERROR(CheckFamily("parameter_group.family", group.family));
  CP_RETURN_IF_ERROR(CheckText("parameter_group.description", request.description, kLongestDescription));
  CP_RETURN_IF_ERROR(CheckTags("parameter_group.tags", request.tags));
  group.tags = request.tags;
  return Insertion(transaction, kField, std::move(group), "created");
}

Result<ParameterGroupChange> PrepareCopy(ports::Transaction& transaction, const CopyParameterGroupRequest& request) {
  CP_ASSIGN_OR_RETURN(model::ParameterGroup group, RequireParameterGroup(transaction, "source", request.source));
  const std::string source = group.name;
  CP_ASSIGN_OR_RETURN(group.name, CheckParameterGroupName("name", request.name));
  CP_RETURN_IF_ERROR(CheckText("description", request.description, kLongestDescription));
  group.description = request.description;
  group.tags.clear();
  return Insertion(transaction, "name", std::move(group), "copied from " + source);
}

Result<ParameterGroupChange> PrepareModify(ports::Transaction& transaction,
                                           const ModifyParameterGroupRequest& request) {
  CP_ASSIGN_OR_RETURN(const model::ParameterGroup before, RequireOwn(transaction, request.name, request.etag));
  CP_ASSIGN_OR_RETURN(model::ParameterGroup after, WithValues(before, request.parameters));
  return Update(transaction, before, std::move(after), "modified");
}

Result<ParameterGroupChange> PrepareReset(ports::Transaction& transaction, const ResetParameterGroupRequest& request) {
  CP_ASSIGN_OR_RETURN(const model::ParameterGroup before, RequireOwn(transaction, request.name, request.etag));
  CP_ASSIGN_OR_RETURN(model::ParameterGroup after, WithDefaults(before, request));
  return Update(transaction, before, std::move(after), "reset");
}

Result<ParameterGroupChange> PrepareDelete(ports::Transaction& transaction,
                                           const DeleteParameterGroupRequest& request) {
  ParameterGroupChange change;
  CP_ASSIGN_OR_RETURN(change.group, RequireOwn(transaction, request.name, request.etag));
  CP_RETURN_IF_ERROR(CheckParameterGroupUnused(transaction, change.group.name));
  change.write = Write::kRemove;
  change.event = fmt::format("Parameter group {} deleted", change.group.name);
  return change;
}

Result<ParameterGroupChange> PrepareTags(ports::Transaction& transaction, const std::string& name,
                                         const TagChange& change) {
  CP_ASSIGN_OR_RETURN(const model::ParameterGroup before, RequireOwn(transaction, name, ""));
  ParameterGroupChange tagged;
  tagged.group = before;
  CP_RETURN_IF_ERROR(change(tagged.group.tags));
  CP_RETURN_IF_ERROR(CheckTags("parameter_group.tags", tagged.group.tags));
  tagged.write = before == tagged.group ? Write::kNothing : Write::kUpdate;
  tagged.event = fmt::format("Tags of parameter group {} changed", tagged.group.name);
  return tagged;
}

}  // namespace cacheplane::service
