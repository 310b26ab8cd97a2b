// What the agent reports: facts with no verdict in them, and which of them are news. Plain values; the meaning of
// every field is in proto/cacheplane/agent/v1/agent.proto.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cacheplane::agent {

enum class ProcessState { kStopped, kStarting, kRunning, kHung, kErased };

struct ReplicaFact {
  std::string address{};  // "address:port"
  std::string state{};
  std::int64_t acknowledged_offset = 0;

  bool operator==(const ReplicaFact&) const = default;
};

// The newest file with data in it that an engine saved here.
struct SavedData {
  std::string id{};
  std::string replication_id{};
  std::int64_t replication_offset = 0;
  std::int64_t as_of_ms = 0;

  bool operator==(const SavedData&) const = default;
};

struct NodeFact {
  std::string node{};
  std::string incarnation{};
  ProcessState process = ProcessState::kStopped;
  std::int64_t pid = 0;
  std::uint64_t epoch = 0;
  std::uint64_t boot = 0;
  std::string role{};
  std::string engine_version{};
  std::string replication_id{};
  std::int64_t replication_offset = 0;
  bool link_up = false;
  std::string primary{};
  std::vector<ReplicaFact> replicas{};
  std::int64_t used_memory_bytes = 0;
  std::uint64_t clean_stop_epoch = 0;
  bool ending = false;
  std::string exit_reason{};
  std::string problem{};
  std::uint64_t starts = 0;
  std::uint64_t renewal = 0;
  bool frozen = false;
  bool out_of_memory = false;
  std::uint64_t handover_failed_epoch = 0;
  std::string handover_problem{};
  std::int64_t handover_us = 0;
  std::uint64_t handed_over_epoch = 0;
  bool promised = false;
  std::int64_t diverged_bytes = -1;
  int link_down_seconds = 0;
  std::optional<SavedData> saved{};
  std::vector<std::string> pending_restart{};  // parameters
  std::string parameter_problem{};

  bool operator==(const NodeFact&) const = default;
};

struct Facts {
  std::uint64_t revision = 0;
  bool whole = false;
  bool needs_whole_set = false;
  std::vector<NodeFact> nodes{};

  bool operator==(const Facts&) const = default;
};

// True when `now` says something that is worth a message of its own. Offsets and memory move all the time; the
// heartbeat carries them.
bool IsNews(const NodeFact& before, const NodeFact& now);

// What was last sent, by node and incarnation, and from it the next message.
class FactsDiff {
 public:
  // `current.nodes`, which may be only some of them, less what is no news. Remembers what it returns as sent.
  Facts ChangesIn(const Facts& current);
  // Everything, whole.
  Facts Whole(const Facts& current);

 private:
  void Remember(const Facts& header);

  std::map<std::pair<std::string, std::string>, NodeFact> sent_;
  std::uint64_t revision_ = 0;
  bool needs_whole_set_ = false;
};

// A message without content: nothing to send.
bool IsEmpty(const Facts& facts);

}  // namespace cacheplane::agent
