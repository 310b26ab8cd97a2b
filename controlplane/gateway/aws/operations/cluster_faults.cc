#include "controlplane/gateway/aws/operations/cluster_faults.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace cacheplane::gateway::aws {
namespace {

using Word = std::pair<std::string_view, std::string_view>;

constexpr std::array<Word, 23> kWords = {{{"spec.deletion_protection", "deletion protection (cachectl cluster modify)"},
                                          {"spec.engine", "Engine"},
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
                                          {"spec.description", "ReplicationGroupDescription"},
                                          {"spec.tags", "Tags"},
                                          {"apply_immediately", "ApplyImmediately"},
                                          {"replicas_to_remove", "ReplicasToRemove"},
                                          {"next_page_token", "Marker"},
                                          {"ListParameterGroups", "DescribeCacheParameterGroups"},
                                          {"ListSubnetGroups", "DescribeCacheSubnetGroups"}}};

// Too common to be replaced anywhere but as the field that a message is about.
constexpr std::array<Word, 5> kFields = {{{"shard", "NodeGroupId"},
                                          {"node", "PrimaryClusterId"},
                                          {"nodes", "CacheClusterId"},
                                          {"page_token", "Marker"},
                                          {"page_size", "MaxRecords"}}};

template <typename Words>
std::string_view Translated(const Words& words, std::string_view word) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& row) { return row.first == word; });
  return found == words.end() ? word : found->second;
}

// "spec.port" of "spec.port: 80 is …".
std::string_view FieldOf(std::string_view message) { return message.substr(0, message.find(':')); }

std::size_t WordLength(std::string_view text) {
  const auto is_part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.'; };
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_part) - text.begin());
}

// A refusal whose shape its field tells.
struct Particular {
  ErrorCode code;
  std::string_view field;
  const char* shape;
};

constexpr std::array<Particular, 9> kParticular = {{
    {ErrorCode::kNotFound, "spec.parameter_group", "CacheParameterGroupNotFoundFault"},
    {ErrorCode::kNotFound, "spec.subnet_group", "CacheSubnetGroupNotFoundFault"},
    {ErrorCode::kNotFound, "spec.security_groups", "InvalidParameterValueException"},
    {ErrorCode::kNotFound, "shard", "NodeGroupNotFoundFault"},
    {ErrorCode::kNotFound, "node", "CacheClusterNotFoundFault"},
    {ErrorCode::kNotFound, "nodes", "CacheClusterNotFoundFault"},
    {ErrorCode::kFailedPrecondition, "spec.replicas_per_shard", "InsufficientCacheClusterCapacityFault"},
    {ErrorCode::kFailedPrecondition, "spec.engine_version", "InvalidParameterCombinationException"},
    // Waiting does not help, and who is told of a state retries for minutes.
    {ErrorCode::kFailedPrecondition, "spec.deletion_protection", "InvalidParameterCombinationException"},
}};

Fault Told(const Error& error, std::string_view id, const FaultNames& names) {
  const Error told{error.code, InApiWords(error.message, id)};
  const std::string_view field = FieldOf(error.message);
  for (const Particular& row : kParticular) {
    if (row.code == error.code && row.field == field) return FaultNamed(row.shape, told.message);
  }
  return FaultOf(told, names);
}

}  // namespace

std::string InApiWords(std::string_view message, std::string_view id) {
  const std::string_view field = FieldOf(message);
  std::string told(field == "name" ? id : Translated(kFields, field));
  if (told == field) told.clear();
  std::string_view rest = message.substr(told.empty() ? 0 : field.size());
  bool quoted = false;
  while (!rest.empty()) {
    quoted ^= rest.front() == '"';
    const std::size_t length = quoted ? 0 : WordLength(rest);
    const std::string_view part = rest.substr(0, std::max<std::size_t>(length, 1));
    told += Translated(kWords, part);
    rest.remove_prefix(part.size());
  }
  return told;
}

Fault GroupFault(const Error& error) {
  return Told(error, "ReplicationGroupId",
              {.not_found = "ReplicationGroupNotFoundFault",
               .exists = "ReplicationGroupAlreadyExistsFault",
               .state = "InvalidReplicationGroupStateFault",
               .quota = "NodeQuotaForCustomerExceededFault"});
}

Fault MemberFault(const Error& error) {
  return Told(error, "CacheClusterId",
              {.not_found = "CacheClusterNotFoundFault",
               .exists = "CacheClusterAlreadyExistsFault",
               .state = "InvalidCacheClusterStateFault",
               .quota = "NodeQuotaForCustomerExceededFault"});
}

Fault InputFault(const Error& error) { return FaultOf(error, {}); }

}  // namespace cacheplane::gateway::aws
