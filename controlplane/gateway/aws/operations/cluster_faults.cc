#include "controlplane/gateway/aws/operations/cluster_faults.h"

#include <array>
#include <string_view>

#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/read_input.h"

namespace cacheplane::gateway::aws {
namespace {

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

constexpr FaultNames kOfGroups = {.not_found = "ReplicationGroupNotFoundFault",
                                  .exists = "ReplicationGroupAlreadyExistsFault",
                                  .state = "InvalidReplicationGroupStateFault",
                                  .quota = "NodeQuotaForCustomerExceededFault"};
constexpr FaultNames kOfMembers = {.not_found = "CacheClusterNotFoundFault",
                                   .exists = "CacheClusterAlreadyExistsFault",
                                   .state = "InvalidCacheClusterStateFault",
                                   .quota = "NodeQuotaForCustomerExceededFault"};

// The parameters that name what the call is about, how many replicas it asks for, and where.
struct Parameters {
  std::string_view id;
  std::string_view replicas = "ReplicasPerNodeGroup";
  std::string_view zones = "PreferredCacheClusterAZs";
};

Fault Told(const Error& error, const Parameters& parameters, const FaultNames& names) {
  const Error told = InApiWords(error, {{"name", parameters.id},
                                        {"shard", "NodeGroupId"},
                                        {"node", "PrimaryClusterId"},
                                        {"nodes", "CacheClusterId"},
                                        {"spec.replicas_per_shard", parameters.replicas},
                                        {"spec.preferred_zones", parameters.zones}});
  const std::string_view field = std::string_view(error.message).substr(0, error.message.find(':'));
  for (const Particular& row : kParticular) {
    if (row.code == error.code && row.field == field) return FaultNamed(row.shape, told.message);
  }
  return FaultOf(told, names);
}

}  // namespace

Fault GroupFault(const Error& error) { return Told(error, {"ReplicationGroupId"}, kOfGroups); }

Fault CountFault(const Error& error) { return Told(error, {"ReplicationGroupId", "NewReplicaCount"}, kOfGroups); }

Fault NewGroupFault(const Error& error, const Json& input) {
  Parameters parameters{"ReplicationGroupId"};
  if (IsEmptyIn(input, "PreferredCacheClusterAZs")) parameters.zones = "NodeGroupConfiguration";
  return Told(error, parameters, kOfGroups);
}

Fault MemberFault(const Error& error) {
  return Told(error, {.id = "CacheClusterId", .zones = "PreferredAvailabilityZone"}, kOfMembers);
}

Fault InputFault(const Error& error) { return FaultOf(error, {}); }

}  // namespace cacheplane::gateway::aws
