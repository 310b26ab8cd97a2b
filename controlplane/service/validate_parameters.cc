#include "controlplane/service/validate_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "cache-engine/catalog/catalog.h"
#include "common/text.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

constexpr char kField[] = "parameters";
// A row of the replication stream that names a database its reader does not have is passed over.
constexpr char kDatabases[] = "databases";

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

Status CheckCount(std::size_t count) {
  const auto most = static_cast<std::size_t>(kMostParametersPerCall);
  if (count == 0) return Missing(kField, fmt::format("1 to {} parameters", most));
  if (count <= most) return {};
  return InvalidArgument(fmt::format("{}: {} parameters; allowed: 1 to {} a call", kField, count, most));
}

Status CheckOnce(const std::string& name, std::set<std::string>& seen) {
  return seen.insert(name).second ? Status() : Invalid(kField, name, "is named twice", "each parameter once");
}

Status InField(const Status& status) { return status.ok() ? status : Annotate(status.error(), kField); }

std::string ValueIn(const model::ParameterGroup& group, const catalog::Parameter& parameter) {
  const auto own = group.values.find(parameter.name);
  return own == group.values.end() ? parameter.default_value : own->second;
}

// Also of nodes that the cluster has only in its next maintenance window.
Status CheckMemory(const model::ParameterGroup& group, const model::Cluster& cluster, const std::string& node_type) {
  const catalog::NodeType* type = catalog::FindNodeType(node_type);
  if (type == nullptr) return {};
  const auto max_memory = catalog::MaxMemory(type->memory_bytes, group.values);
  if (max_memory.ok()) return {};
  return FailedPrecondition(fmt::format("{}: {} on {} of cluster {}; allowed: less than {} bytes", kField,
                                        max_memory.error().message, type->name, Quoted(cluster.name),
                                        type->memory_bytes));
}

}  // namespace

Result<std::string> CheckParameterGroupName(std::string_view field, std::string_view name) {
  constexpr std::string_view kAllowed = "1 to 255 letters, digits and hyphens, a letter first";
  CP_ASSIGN_OR_RETURN(std::string stored, CheckObjectName(field, name));
  if (!IsLetter(stored.front())) return Invalid(field, name, "does not start with a letter", kAllowed);
  return stored;
}

Status CheckFamily(std::string_view field, const std::string& family) {
  const std::string allowed = QuotedList(catalog::Families());
  if (family.empty()) return Missing(field, allowed);
  if (!catalog::ParametersOf(family).empty()) return {};
  return Invalid(field, family, "is no parameter group family", allowed);
}

Result<model::ParameterGroup> WithValues(model::ParameterGroup group, const std::vector<ParameterValue>& changes) {
  CP_RETURN_IF_ERROR(CheckCount(changes.size()));
  std::set<std::string> seen;
  for (const ParameterValue& change : changes) {
    CP_RETURN_IF_ERROR(InField(catalog::ValidateParameter(group.family, change.name, change.value)));
    CP_RETURN_IF_ERROR(CheckOnce(change.name, seen));
    group.values[change.name] = change.value;
  }
  return group;
}

Result<model::ParameterGroup> WithDefaults(model::ParameterGroup group, const ResetParameterGroupRequest& request) {
  if (request.all_parameters) {
    if (!request.parameters.empty()) {
      return InvalidArgument("parameters: are named beside all_parameters; allowed: one of the two");
    }
    group.values.clear();
    return group;
  }
  CP_RETURN_IF_ERROR(CheckCount(request.parameters.size()));
  std::set<std::string> seen;
  for (const std::string& name : request.parameters) {
    CP_RETURN_IF_ERROR(InField(catalog::CheckParameterExists(group.family, name)));
    CP_RETURN_IF_ERROR(CheckOnce(name, seen));
    group.values.erase(name);
  }
  return group;
}

std::vector<std::string> ChangedParameters(const model::ParameterGroup& before, const model::ParameterGroup& after) {
  std::vector<std::string> changed;
  for (const catalog::Parameter& parameter : catalog::ParametersOf(after.family)) {
    if (ValueIn(before, parameter) != ValueIn(after, parameter)) changed.push_back(parameter.name);
  }
  std::sort(changed.begin(), changed.end());
  return changed;
}

Status CheckDatabases(const model::ParameterGroup& before, const model::ParameterGroup& after) {
  const auto value = [](const model::ParameterGroup& group) {
    const catalog::Parameter* parameter = catalog::FindParameter(group.family, kDatabases);
    return parameter == nullptr ? std::string() : ValueIn(group, *parameter);
  };
  if (value(before) == value(after)) return {};
  return Invalid("spec.parameter_group", after.name,
                 fmt::format("has {} databases, and the cluster has {}, which cannot change while it runs",
                             value(after), value(before)),
                 fmt::format("groups with {} databases", value(before)));
}

Status CheckChange(const model::ParameterGroup& before, const model::ParameterGroup& after,
                   const std::vector<model::Cluster>& users) {
  const auto together = catalog::MaxMemory(std::numeric_limits<std::int64_t>::max(), after.values);
  if (!together.ok()) return Annotate(together.error(), kField);
  const std::vector<std::string> changed = ChangedParameters(before, after);
  if (!users.empty() && std::binary_search(changed.begin(), changed.end(), std::string(kDatabases))) {
    return FailedPrecondition(
        fmt::format("{}: databases cannot change while cluster {} uses group {}; allowed: in a "
                    "group that no cluster uses",
                    kField, Quoted(users.front().name), Quoted(after.name)));
  }
  for (const model::Cluster& cluster : users) {
    CP_RETURN_IF_ERROR(CheckMemory(after, cluster, cluster.spec.node_type));
    if (cluster.pending) CP_RETURN_IF_ERROR(CheckMemory(after, cluster, cluster.pending->node_type));
  }
  return {};
}

}  // namespace cacheplane::service
