// A connection to one engine as one user, made anew when it is lost. Blocking; of one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cache-engine/drivers/engine_config.h"
#include "cache-engine/drivers/replication_info.h"
#include "cache-engine/resp/client.h"
#include "common/result.h"
#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

struct ProbeTarget {
  Address address{};
  std::string password{};
  std::string user = engine::kInternalUser;
  std::int64_t pid = 0;  // an answer of another process at that address is none; 0: anybody's counts
};

class EngineLink {
 public:
  explicit EngineLink(ProbeTarget target) : target_(std::move(target)) {}

  const ProbeTarget& target() const { return target_; }
  // The engine said no when the connection was made: it lives, and has no room or no such password.
  bool refused() const { return refused_; }
  void Drop() { client_.reset(); }

  Status Connect(std::chrono::milliseconds timeout);
  // Connects when needed. An error reply is a value.
  Result<resp::Value> Call(const std::vector<std::string>& command, std::chrono::milliseconds timeout);
  // The same, with an error reply as an error.
  Status Tell(const std::vector<std::string>& command, std::chrono::milliseconds timeout);
  Result<engine::ReplicationInfo> Replication(std::chrono::milliseconds timeout);
  // REPLICAOF of a primary, and its offset in the instant before: nothing is executed in between.
  // kFailedPrecondition: it refused, and is as it was. Any other error: nobody knows.
  Result<std::int64_t> Demote(const Address& primary, std::chrono::milliseconds timeout);

 private:
  const ProbeTarget target_;
  std::unique_ptr<resp::Client> client_;
  bool refused_ = false;
};

}  // namespace cacheplane::agent
