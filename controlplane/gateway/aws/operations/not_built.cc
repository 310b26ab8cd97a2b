#include "controlplane/gateway/aws/operations/not_built.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/read_input.h"

namespace cacheplane::gateway::aws {
namespace {

struct Unbuilt {
  const char* parameter;
  const char* off = "";  // the text that asks for nothing, besides none at all
  bool secret = false;
};

constexpr std::array<Unbuilt, 39> kUnbuilt = {{
    {"GlobalReplicationGroupId"},
    {"PreferredOutpostArn"},
    {"PreferredOutpostArns"},
    {"OutpostMode"},
    {"CacheSecurityGroupNames"},
    {"SnapshotArns"},
    {"SnapshotName"},
    {"SnapshotRetentionLimit", "0"},
    {"ServerlessCacheSnapshotName"},
    {"FinalSnapshotIdentifier"},
    {"RetainPrimaryCluster"},
    {"NotificationTopicArn"},
    {"NotificationTopicStatus", "inactive"},
    {"AuthToken", "", true},
    {"AuthTokenUpdateStrategy"},
    {"TransitEncryptionEnabled"},
    {"TransitEncryptionMode"},
    {"AtRestEncryptionEnabled"},
    {"KmsKeyId"},
    {"UserGroupIds"},
    {"UserGroupIdsToAdd"},
    {"UserGroupIdsToRemove"},
    {"RemoveUserGroups"},
    {"LogDeliveryConfigurations"},
    {"DataTieringEnabled"},
    {"NetworkType", "ipv4"},
    {"IpDiscovery", "ipv4"},
    {"ClusterMode", "disabled"},
    {"NodeGroupId", "0001"},
    {"AZMode", "single-az"},
    {"PreferredAvailabilityZone"},
    {"PreferredAvailabilityZones"},
    {"NewAvailabilityZones"},
    {"CacheNodeIdsToRemove"},
    {"ScaleConfig"},
    {"Durability"},
    {"StorageEncryptionType"},
    {"PrimaryOutpostArn"},
    {"ReplicaOutpostArns"},
}};

// {"Enabled": false} ends a delivery of logs: there is none.
bool DeliversNothing(const Json& value) {
  const auto off = [](const Json& item) { return item.is_object() && FlagIn(item, "Enabled") == false; };
  return value.is_array() && std::all_of(value.begin(), value.end(), off);
}

bool IsOff(const Unbuilt& row, const Json& value) {
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number()) return value.dump() == row.off;
  if (value.is_string()) {
    const std::string text = ToLower(value.get<std::string>());
    return text.empty() || text == row.off;
  }
  return value.is_null() || (value.is_structured() && value.empty()) || DeliversNothing(value);
}

std::string AllowedOf(const Unbuilt& row, const Json& value) {
  if (value.is_boolean()) return "false";
  if (value.is_number()) return row.off;
  return *row.off == '\0' ? "nothing" : fmt::format("\"{}\"", row.off);
}

}  // namespace

Status CheckBuilt(const Json& input) {
  for (const Unbuilt& row : kUnbuilt) {
    const auto found = input.find(row.parameter);
    if (found == input.end() || IsOff(row, *found)) continue;
    const Json shown = row.secret ? Json("(not shown)") : *found;
    return NotBuilt(row.parameter, shown, AllowedOf(row, *found).c_str());
  }
  return {};
}

Error NotBuilt(const char* parameter, const Json& value, const char* allowed) {
  return FailedPrecondition(
      fmt::format("{}: {} asks for what is not built yet; allowed: {}", parameter, ShownValue(value), allowed));
}

}  // namespace cacheplane::gateway::aws
