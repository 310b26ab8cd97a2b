// What callers of ClusterService ask for. Adapters (api/, gateway/) fill these from their own messages.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cacheplane::service {

// A definition as a caller gave it: an absent field takes the default that FillDefaults (defaults.h) documents.
struct ClusterDraft {
  std::string engine;
  std::string engine_version;
  std::string node_type;
  std::optional<int> shard_count;
  std::optional<int> replicas_per_shard;
  std::optional<bool> multi_az;
  std::optional<bool> automatic_failover;
  std::vector<std::string> preferred_zones;
  std::string subnet_group;
  std::vector<std::string> security_groups;
  std::string parameter_group;
  std::optional<int> port;
  std::string maintenance_window;
  std::string snapshot_window;
  std::optional<int> snapshot_retention_days;
  std::optional<bool> auto_minor_version_upgrade;
  std::string description;
  std::optional<bool> deletion_protection;
  std::optional<bool> frozen;
  std::map<std::string, std::string> tags;

  bool operator==(const ClusterDraft&) const = default;
};

struct CreateClusterRequest {
  std::string name;
  ClusterDraft spec;
  std::string request_id;      // empty: none; ignored with validate_only
  bool validate_only = false;  // all checks, no effect
  std::string form{};          // model::ClusterFormName; empty: a replication group
};

struct ModifyClusterRequest {
  std::string name;
  ClusterDraft spec;                     // a masked field that is absent here takes its default
  std::vector<std::string> update_mask;  // names of ClusterDraft's fields
  std::string etag;                      // empty: whatever the current one
  std::string request_id;
  bool validate_only = false;
  bool apply_immediately = false;
  std::vector<std::string> replicas_to_remove{};  // by name, where the count decreases
  std::int64_t check_revision = 0;                // that the definition must have; 0: whatever it has
  bool refuse_when_busy = false;                  // as ElastiCache does, instead of waiting (queue.h)
};

struct RollbackClusterRequest {
  std::string name;
  std::int64_t revision = 0;  // whose definition comes back
  std::string etag{};         // empty: whatever the current one
  std::string request_id{};
  bool validate_only = false;
  bool apply_immediately = false;
  std::int64_t check_revision = 0;
};

struct DeleteClusterRequest {
  std::string name;
  std::string etag;
  std::string request_id;
  bool validate_only = false;
};

struct SwitchoverClusterRequest {
  std::string name;
  std::string shard;  // empty: "0001"
  std::string node;   // who shall be primary; empty: the replica that holds most
  std::string etag;
  std::string request_id;
  bool validate_only = false;
  std::string expected_primary{};  // empty: whoever it is
};

struct RebootClusterRequest {
  std::string name;
  std::vector<std::string> nodes{};  // by name; empty: all
  std::string etag{};
  std::string request_id{};
  bool validate_only = false;
};

struct UpdateNodesRequest {
  std::string name;
  std::string version{};  // full; some node must be older and get it or a newer one; empty: whatever is newer
  std::string etag{};
  std::string request_id{};
  bool validate_only = false;
};

struct StopClusterRequest {
  std::string name;
  std::string etag{};
  std::string request_id{};
  bool validate_only = false;
};

struct StartClusterRequest {
  std::string name;
  std::string etag{};
  std::string request_id{};
  bool validate_only = false;
};

struct TestFailoverRequest {
  std::string name;
  std::string shard;  // empty: "0001"
  std::string request_id;
  bool validate_only = false;
  std::string expected_primary{};  // empty: whoever it is
};

}  // namespace cacheplane::service
