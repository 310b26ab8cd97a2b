// What an engine says of itself, parsed from INFO. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace cacheplane::engine {

struct ReplicaLine {
  std::string address;
  int port = 0;
  std::string state;  // "online", "wait_bgsave", "send_bulk"
  std::int64_t acknowledged_offset = 0;
};

struct ReplicationInfo {
  std::string role;  // "primary" or "replica"
  std::string replication_id;
  std::int64_t replication_offset = 0;  // of a primary its own, of a replica what it has processed
  // The history before this one, and the first offset that it does not share with it; "" and -1 when there is none.
  std::string former_replication_id;
  std::int64_t former_end = -1;
  bool link_up = false;         // replica only
  bool syncing = false;         // replica only: a full synchronisation is promised to it or under way
  int link_down_seconds = 0;    // replica only: since its link broke; 0 while it is up or was never
  std::string primary_address;  // replica only; own address when it follows nobody
  int primary_port = 0;
  std::vector<ReplicaLine> replicas;  // primary only
};

struct EngineInfo : ReplicationInfo {
  std::string version;  // valkey_version where there is one, else redis_version
  bool loading = false;
  std::int64_t used_memory_bytes = 0;
};

// Parses the reply of `INFO` (all sections or default). kInternal naming the missing field when it is no such reply.
Result<EngineInfo> ParseInfo(std::string_view reply);

// The same of `INFO replication`.
Result<ReplicationInfo> ParseReplication(std::string_view reply);

}  // namespace cacheplane::engine
