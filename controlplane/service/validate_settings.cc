// Rules of ports, windows, retention, texts, tags and security groups.
#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/model/window.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/tags.h"
#include "controlplane/service/validate.h"

namespace cacheplane::service {
namespace {

Status CheckWindows(const model::ClusterSpec& spec) {
  const std::optional<model::Window> maintenance = model::ParseMaintenanceWindow(spec.maintenance_window);
  if (!maintenance) {
    return Invalid("spec.maintenance_window", spec.maintenance_window, "is no weekly window",
                   "ddd:hh24:mi-ddd:hh24:mi in UTC, 60 minutes to 24 hours, such as \"sun:23:00-mon:01:30\"");
  }
  const std::optional<model::Window> snapshot = model::ParseSnapshotWindow(spec.snapshot_window);
  if (!snapshot) {
    return Invalid("spec.snapshot_window", spec.snapshot_window, "is no daily window",
                   "hh24:mi-hh24:mi in UTC, at least 60 minutes, such as \"05:00-06:00\"");
  }
  if (!model::Overlap(*maintenance, *snapshot)) return {};
  return Invalid("spec.snapshot_window", spec.snapshot_window,
                 fmt::format("meets spec.maintenance_window {}", Quoted(spec.maintenance_window)),
                 "windows that do not overlap");
}

Status CheckTag(std::string_view field, const std::string& key, const std::string& value) {
  if (key.empty()) {
    return InvalidArgument(
        fmt::format("{}: a key is empty; allowed: keys of 1 to {} characters", field, kLongestTagKey));
  }
  CP_RETURN_IF_ERROR(CheckText(field, key, kLongestTagKey));
  if (ToLower(key).starts_with("aws:")) {
    return Invalid(field, key, "has the reserved prefix", "keys that do not start with \"aws:\"");
  }
  return CheckText(fmt::format("{}[{}]", field, Quoted(key)), value, kLongestTagValue);
}

}  // namespace

Status CheckTags(std::string_view field, const Tags& tags) {
  if (tags.size() > static_cast<std::size_t>(kMostTags)) {
    return InvalidArgument(fmt::format("{}: {} tags; allowed: at most {}", field, tags.size(), kMostTags));
  }
  for (const auto& [key, value] : tags) CP_RETURN_IF_ERROR(CheckTag(field, key, value));
  return {};
}

Status ValidateSettings(const model::ClusterSpec& spec) {
  CP_RETURN_IF_ERROR(CheckRange("spec.port", spec.port, kLowestPort, kHighestPort));
  CP_RETURN_IF_ERROR(CheckWindows(spec));
  CP_RETURN_IF_ERROR(
      CheckRange("spec.snapshot_retention_days", spec.snapshot_retention_days, 0, kLongestRetentionDays));
  CP_RETURN_IF_ERROR(CheckText("spec.description", spec.description, kLongestDescription));
  return CheckTags("spec.tags", spec.tags);
}

Status ValidateSecurityGroups(const model::ClusterSpec& spec, const std::set<std::string>& existing) {
  std::set<std::string> seen;
  for (const std::string& name : spec.security_groups) {
    if (!existing.contains(name)) {
      return NotFound(fmt::format(
          "spec.security_groups: {} does not exist; allowed: names that ListSecurityGroups shows", Quoted(name)));
    }
    if (!seen.insert(name).second) return Invalid("spec.security_groups", name, "is named twice", "each name once");
  }
  return {};
}

}  // namespace cacheplane::service
