// Renders the configuration of a Valkey or Redis process. Pure: the same request gives the same text.
//
// Facts behind it: every engine starts as a replica, of its primary or of nobody (its own address, port 1), and only a
// command with a fresh epoch makes it a primary; save and AOF are off as in ElastiCache; repl-diskless-sync-delay is 0
// since a full synchronisation otherwise waits 5 s for company; crash-memcheck-enabled is no.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "common/result.h"

namespace cacheplane::engine {

// Name of the ACL user that only the agent and replication use.
inline constexpr char kInternalUser[] = "cacheplane";

struct ListenAddress {
  std::string address;
  int port = 0;

  bool operator==(const ListenAddress&) const = default;
};

struct ConfigRequest {
  std::string engine;        // "valkey" or "redis"
  std::string full_version;  // "8.0.1"
  std::string family;        // "valkey8"
  ListenAddress listen;
  std::optional<ListenAddress> primary;  // nullopt: replica of nobody until opened
  std::int64_t node_memory_bytes = 0;
  std::map<std::string, std::string> parameters;  // ElastiCache names; those that differ from the family's defaults
  std::string internal_password;
  // Not empty: it listens at this name in its working directory and at no port, whatever `listen` says of it. For
  // engines that only show whether they start.
  std::string unix_socket{};
};

// The whole text of the configuration. kInvalidArgument naming the parameter when a value is not allowed; a value can
// never become another directive (quotes, backslashes, control characters are refused or quoted).
Result<std::string> RenderConfig(const ConfigRequest& request);

// maxmemory in bytes: node memory less reserved-memory-percent (default 25).
Result<std::int64_t> MaxMemory(const ConfigRequest& request);

}  // namespace cacheplane::engine
