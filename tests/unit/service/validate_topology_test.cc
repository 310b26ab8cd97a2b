// Shards, replicas, zones and the quota, on both sides of every rule.
#include <gtest/gtest.h>

#include "tests/unit/service/cases.h"

namespace cacheplane::service {
namespace {

TEST(ValidateTopology, Counts) {
  Check({
      Good("no replica", [](Draft& d, Around&) { d = WithReplicas(0); }),
      Good("five replicas", [](Draft& d, Around&) { d = WithReplicas(5); }),
      Bad("six replicas", "spec.replicas_per_shard: 6 is out of range; allowed: 0 to 5",
          [](Draft& d, Around&) { d = WithReplicas(6); }),
      Bad("a negative count", "spec.replicas_per_shard: -1 is out of range; allowed: 0 to 5",
          [](Draft& d, Around&) { d = WithReplicas(-1); }),
      Good("one shard", [](Draft& d, Around&) { d.shard_count = 1; }),
      Bad("no shard", "spec.shard_count: 0 is out of range; allowed: 1 to 500",
          [](Draft& d, Around&) { d.shard_count = 0; }),
      Bad("two shards", ErrorCode::kUnimplemented, "not yet: spec.shard_count: 2; allowed: 1",
          [](Draft& d, Around&) { d.shard_count = 2; }),
  });
}

TEST(ValidateTopology, Failover) {
  Check({
      Bad("failover alone", "spec.automatic_failover: true needs a replica",
          [](Draft& d, Around&) { d.automatic_failover = true; }),
      Good("a replica without failover", [](Draft& d, Around&) { d = WithReplicas(1), d.automatic_failover = false; }),
      Good("Multi-AZ", [](Draft& d, Around&) { d = MultiAz(1); }),
      Bad("Multi-AZ alone", "spec.multi_az: true needs a replica", [](Draft& d, Around&) { d = MultiAz(0); }),
      Bad("Multi-AZ without failover", "spec.multi_az: true needs spec.automatic_failover",
          [](Draft& d, Around&) { d = MultiAz(1), d.automatic_failover = false; }),
  });
}

TEST(ValidateZones, SubnetGroup) {
  Check({
      Bad("unknown", ErrorCode::kNotFound, R"(spec.subnet_group: "default" does not exist)",
          [](Draft&, Around& a) { a.zones.reset(); }),
      Good("two zones for Multi-AZ",
           [](Draft& d, Around& a) {
             d = MultiAz(1), a.zones = std::set<std::string>{"a", "b"};
           }),
      Bad("one zone for Multi-AZ", R"(spec.multi_az: true needs two zones, and subnet group "default" has "a")",
          [](Draft& d, Around& a) { d = MultiAz(1), a.zones = std::set<std::string>{"a"}; }),
  });
}

TEST(ValidateZones, PreferredZones) {
  Check({
      Good("one a node",
           [](Draft& d, Around&) {
             d = WithReplicas(1), d.preferred_zones = {"a", "a"};
           }),
      Bad("too few", "spec.preferred_zones: 1 zones for 2 nodes; allowed: none, or one a node",
          [](Draft& d, Around&) { d = WithReplicas(1), d.preferred_zones = {"a"}; }),
      Bad("too many", "spec.preferred_zones: 2 zones for 1 nodes",
          [](Draft& d, Around&) {
            d.preferred_zones = {"a", "b"};
          }),
      Bad("elsewhere", R"(spec.preferred_zones: "z" is no zone of subnet group "default"; allowed: "a", "b", "c")",
          [](Draft& d, Around&) {
            d = WithReplicas(1), d.preferred_zones = {"a", "z"};
          }),
      Good("two zones for Multi-AZ",
           [](Draft& d, Around&) {
             d = MultiAz(2, {"b", "b", "a"});
           }),
      Bad("one zone for Multi-AZ", R"(spec.preferred_zones: "b" is the zone of every node)",
          [](Draft& d, Around&) {
            d = MultiAz(1, {"b", "b"});
          }),
  });
}

TEST(ValidateQuota, CountsAllNodes) {
  Check({
      Good("the last node", [](Draft& d, Around& a) { d = WithReplicas(1), a.nodes = 298; }),
      Bad("one too many", ErrorCode::kResourceExhausted,
          "spec.replicas_per_shard: 1 makes 2 nodes beside the 299 there are; allowed: 300 nodes over all clusters",
          [](Draft& d, Around& a) { d = WithReplicas(1), a.nodes = 299; }),
  });
}

}  // namespace
}  // namespace cacheplane::service
