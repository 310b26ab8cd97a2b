// Values to begin a test from.
#pragma once

#include <ostream>
#include <string>

#include "nodeagent/decide/assignment.h"
#include "nodeagent/decide/decide_node.h"
#include "nodeagent/decide/local_state.h"

namespace cacheplane::agent {

inline void PrintTo(const Decision& decision, std::ostream* out) { *out << Describe(decision); }

inline const Address kOwn{"127.23.0.10", 6379};
inline const Address kPrimaryAddress{"127.23.0.20", 6379};
inline const Address kOtherPrimary{"127.23.0.30", 6379};
inline const Address kNobody{"127.23.0.10", 1};

inline Assignment BaseAssignment(Role role, std::uint64_t epoch, std::uint64_t boot) {
  Assignment wish{.node = "orders-001", .incarnation = "i-1", .epoch = epoch, .role = role, .boot = boot};
  wish.listen = kOwn;
  if (role == Role::kReplica) wish.primary = kPrimaryAddress;
  wish.engine = "valkey";
  wish.engine_version = "8.0.1";
  wish.node_memory_bytes = 100 << 20;
  wish.parameters = {{"maxmemory-policy", "allkeys-lru"}};
  wish.family = "valkey8";
  wish.internal_password = "secret";
  return wish;
}

inline Assignment PrimaryWish(std::uint64_t epoch, std::uint64_t boot) {
  return BaseAssignment(Role::kPrimary, epoch, boot);
}
inline Assignment ReplicaWish(std::uint64_t epoch) { return BaseAssignment(Role::kReplica, epoch, 0); }
inline Assignment With(Assignment wish, Intent intent) {
  wish.intent = intent;
  return wish;
}

// Nothing on this host yet.
inline LocalState Absent() { return {}; }

// No process, but a directory, with what was carried out before.
inline LocalState Stopped(std::uint64_t epoch, std::uint64_t boot) {
  LocalState state;
  state.directory = true;
  state.epoch = epoch;
  state.boot = boot;
  return state;
}

inline LocalState Starting(std::uint64_t epoch, std::uint64_t boot) {
  LocalState state = Stopped(epoch, boot);
  state.process = ProcessStage::kAlive;
  return state;
}

inline LocalState RunningPrimary(std::uint64_t epoch, std::uint64_t boot) {
  LocalState state = Starting(epoch, boot);
  state.engine = EngineView{.role = Role::kPrimary};
  return state;
}

inline LocalState RunningReplica(std::uint64_t epoch, std::uint64_t boot, const Address& primary) {
  LocalState state = Starting(epoch, boot);
  state.engine = EngineView{.role = Role::kReplica, .primary = primary};
  return state;
}

inline MonoTime At(std::int64_t millis) { return MonoTime(std::chrono::milliseconds(millis)); }

}  // namespace cacheplane::agent
