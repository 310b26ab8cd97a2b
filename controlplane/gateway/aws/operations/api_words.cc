#include "controlplane/gateway/aws/operations/api_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace cacheplane::gateway::aws {
namespace {

constexpr std::array<ApiWord, 37> kWords = {
    {{"spec.engine", "Engine"},
     {"spec.engine_version", "EngineVersion"},
     {"spec.node_type", "CacheNodeType"},
     {"spec.shard_count", "NumNodeGroups"},
     {"spec.replicas_per_shard", "ReplicasPerNodeGroup"},
     {"spec.multi_az", "MultiAZEnabled"},
     {"spec.automatic_failover", "AutomaticFailoverEnabled"},
     {"spec.preferred_zones", "PreferredCacheClusterAZs"},
     {"spec.subnet_group", "CacheSubnetGroupName"},
     {"spec.security_groups", "SecurityGroupIds"},
     {"spec.parameter_group", "CacheParameterGroupName"},
     {"spec.port", "Port"},
     {"spec.maintenance_window", "PreferredMaintenanceWindow"},
     {"spec.snapshot_window", "SnapshotWindow"},
     {"spec.snapshot_retention_days", "SnapshotRetentionLimit"},
     {"spec.auto_minor_version_upgrade", "AutoMinorVersionUpgrade"},
     {"spec.description", "ReplicationGroupDescription"},
     {"spec.tags", "Tags"},
     {"spec.deletion_protection", "deletion protection (cachectl cluster modify)"},
     {"parameter_group.name", "CacheParameterGroupName"},
     {"parameter_group.family", "CacheParameterGroupFamily"},
     {"parameter_group.description", "Description"},
     {"parameter_group.tags", "Tags"},
     {"subnet_group.name", "CacheSubnetGroupName"},
     {"subnet_group.description", "CacheSubnetGroupDescription"},
     {"subnet_group.subnets", "SubnetIds"},
     {"subnet_group.tags", "Tags"},
     {"apply_immediately", "ApplyImmediately"},
     {"replicas_to_remove", "ReplicasToRemove"},
     {"page_token", "Marker"},
     {"next_page_token", "Marker"},
     {"page_size", "MaxRecords"},
     {"ListParameterGroups", "DescribeCacheParameterGroups"},
     {"ListSubnetGroups", "DescribeCacheSubnetGroups"},
     // The API has no calls for these.
     {"ListNodeTypes", "cachectl node-type list"},
     {"ListSubnets", "cachectl subnet list"},
     {"ListSecurityGroups", "cachectl security-group list"}}};

template <typename Words>
std::string_view Translated(const Words& words, std::string_view word) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const ApiWord& row) { return row.ours == word; });
  return found == words.end() ? word : found->api;
}

// "spec.port" of "spec.port: 80 is …" and of "spec.port[0] …".
std::string_view FieldOf(std::string_view message) { return message.substr(0, message.find_first_of(":[")); }

std::size_t WordLength(std::string_view text) {
  const auto is_part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.'; };
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_part) - text.begin());
}

}  // namespace

Error InApiWords(const Error& error, std::initializer_list<ApiWord> subjects) {
  std::string_view rest = error.message;
  const std::string_view field = FieldOf(rest);
  const std::string_view subject = Translated(subjects, field);
  std::string told;
  if (subject != field) {
    told = subject;
    rest.remove_prefix(field.size());
  }
  bool quoted = false;
  while (!rest.empty()) {
    quoted ^= rest.front() == '"';
    const std::size_t length = quoted ? 0 : WordLength(rest);
    const std::string_view part = rest.substr(0, std::max<std::size_t>(length, 1));
    const bool is_path = part.find('.') != std::string_view::npos;
    told += Translated(kWords, is_path ? Translated(subjects, part) : part);
    rest.remove_prefix(part.size());
  }
  return {error.code, told};
}

}  // namespace cacheplane::gateway::aws
