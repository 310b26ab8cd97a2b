// What ClusterService says, in the API's words and shapes.
#include "controlplane/gateway/aws/operations/cluster_faults.h"

#include <gtest/gtest.h>

#include <vector>

namespace cacheplane::gateway::aws {
namespace {

TEST(ClusterFaults, FieldsHaveTheNamesOfTheApi) {
  struct Case {
    const char* said;
    const char* told;
  };
  const std::vector<Case> cases = {
      {"name: there is no cluster \"x\"", "CacheClusterId: there is no cluster \"x\""},
      {"spec.engine: \"spec.engine\" is unknown", "Engine: \"spec.engine\" is unknown"},
      {"spec.engine_version: \"7\" is no version", "EngineVersion: \"7\" is no version"},
      {"not yet: spec.shard_count: 2; allowed: 1", "not yet: NumNodeGroups: 2; allowed: 1"},
      {"spec.tags[\"a\"]: \"b\" is bad", "Tags[\"a\"]: \"b\" is bad"},
      {"spec.replicas_per_shard: 1 cannot wait; allowed: apply_immediately true",
       "ReplicasPerNodeGroup: 1 cannot wait; allowed: ApplyImmediately true"},
      {"page_token: \"p\" is not one of this list; allowed: next_page_token of an answer",
       "Marker: \"p\" is not one of this list; allowed: Marker of an answer"},
      {"spec.node_type: \"x\" is not offered; allowed: a, … (ListNodeTypes has all)",
       "CacheNodeType: \"x\" is not offered; allowed: a, … (cachectl node-type list has all)"},
      {"shard: a node of shard 1", "NodeGroupId: a node of shard 1"},
      {"the node has a name", "the node has a name"},
      {"", ""}};
  for (const Case& row : cases) EXPECT_EQ(MemberFault(InvalidArgument(row.said)).message, row.told);
}

TEST(ClusterFaults, ACallForAnotherCountHasItsOwnName) {
  const Error error = InvalidArgument("spec.multi_az: true needs one; allowed: spec.replicas_per_shard 1 to 5");
  EXPECT_EQ(CountFault(error).message, "MultiAZEnabled: true needs one; allowed: NewReplicaCount 1 to 5");
  EXPECT_EQ(CountFault(InvalidArgument("spec.replicas_per_shard: 7")).message, "NewReplicaCount: 7");
  EXPECT_EQ(GroupFault(error).message, "MultiAZEnabled: true needs one; allowed: ReplicasPerNodeGroup 1 to 5");
}

TEST(ClusterFaults, ZonesHaveTheNameUnderWhichTheyCame) {
  const Error error = InvalidArgument("spec.preferred_zones: \"mars\" is no zone");
  const Json configured = {{"NodeGroupConfiguration", {{{"PrimaryAvailabilityZone", "mars"}}}}};
  EXPECT_EQ(NewGroupFault(error, configured).message, "NodeGroupConfiguration: \"mars\" is no zone");
  const Json listed = {{"PreferredCacheClusterAZs", {"mars"}}};
  EXPECT_EQ(NewGroupFault(error, listed).message, "PreferredCacheClusterAZs: \"mars\" is no zone");
}

TEST(ClusterFaults, AFieldTellsTheShape) {
  const auto group = [](ErrorCode code, const char* message) { return GroupFault(Error{code, message}).code; };
  EXPECT_EQ(group(ErrorCode::kNotFound, "name: none"), "ReplicationGroupNotFoundFault");
  EXPECT_EQ(group(ErrorCode::kNotFound, "spec.parameter_group: none"), "CacheParameterGroupNotFound");
  EXPECT_EQ(group(ErrorCode::kNotFound, "spec.subnet_group: none"), "CacheSubnetGroupNotFoundFault");
  EXPECT_EQ(group(ErrorCode::kNotFound, "spec.security_groups: none"), "InvalidParameterValue");
  EXPECT_EQ(group(ErrorCode::kNotFound, "shard: none"), "NodeGroupNotFoundFault");
  EXPECT_EQ(group(ErrorCode::kNotFound, "node: none"), "CacheClusterNotFound");
  EXPECT_EQ(group(ErrorCode::kAlreadyExists, "name: taken"), "ReplicationGroupAlreadyExists");
  EXPECT_EQ(group(ErrorCode::kFailedPrecondition, "name: busy"), "InvalidReplicationGroupState");
  EXPECT_EQ(group(ErrorCode::kAborted, "etag: stale"), "InvalidReplicationGroupState");
  EXPECT_EQ(group(ErrorCode::kFailedPrecondition, "spec.replicas_per_shard: no room"),
            "InsufficientCacheClusterCapacity");
  EXPECT_EQ(group(ErrorCode::kFailedPrecondition, "spec.engine_version: older"), "InvalidParameterCombination");
  EXPECT_EQ(group(ErrorCode::kResourceExhausted, "nodes"), "NodeQuotaForCustomerExceeded");
  EXPECT_EQ(group(ErrorCode::kUnavailable, "later"), "ServiceUnavailable");
  EXPECT_EQ(MemberFault(Error{ErrorCode::kNotFound, "name: none"}).code, "CacheClusterNotFound");
  EXPECT_EQ(MemberFault(Error{ErrorCode::kFailedPrecondition, "name: busy"}).code, "InvalidCacheClusterState");
  EXPECT_EQ(InputFault(FailedPrecondition("a and b")).code, "InvalidParameterCombination");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
