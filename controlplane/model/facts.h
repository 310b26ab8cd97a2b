// What agents and routers reported (observed): facts with the time they were heard, never verdicts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/shared.h"
#include "controlplane/model/ids.h"
#include "controlplane/model/plan.h"

namespace cacheplane::model {

enum class ProcessState { kStopped, kStarting, kRunning, kHung, kErased };

std::string_view ProcessStateName(ProcessState state);

struct ReplicaFacts {
  Address address;
  std::string state;  // the primary's word: "online", "wait_bgsave", "send_bulk"
  std::int64_t acknowledged_offset = 0;

  bool operator==(const ReplicaFacts&) const = default;
};

// A file on the node's disk that an engine saved, and that holds something.
struct SavedData {
  std::string id;              // its agent's name for it, which no other file ever has
  std::string replication_id;  // empty: the file does not say
  std::int64_t replication_offset = 0;
  WallTime as_of;  // of this moment are the data

  bool operator==(const SavedData&) const = default;
};

// One node incarnation as its agent last saw it.
struct NodeFacts {
  NodeName node;
  Incarnation incarnation;
  ProcessState process = ProcessState::kStopped;
  bool ending = false;  // kStopped: it executes nothing, and what it saved is not known yet
  std::int64_t pid = 0;
  Epoch epoch;  // highest carried out
  Boot boot;    // highest used
  std::optional<Role> role;
  std::string engine_version;
  std::string replication_id;
  std::int64_t replication_offset = 0;
  bool link_up = false;                // replica
  int link_down_seconds = 0;           // replica: since its link broke
  Address primary;                     // replica: whom it follows
  std::vector<ReplicaFacts> replicas;  // primary
  std::int64_t used_memory_bytes = 0;
  Epoch clean_stop;  // epoch in which it last stopped with its data saved; 0 when it did not
  std::string exit_reason;
  std::string problem;
  std::uint64_t starts = 0;
  std::uint64_t renewal = 0;   // of the assignment that the newest process was started for
  bool frozen = false;         // stopped by a signal, a tracer or its control group
  bool out_of_memory = false;  // ended while the kernel's out-of-memory killer was at work
  Epoch handover_failed{};     // highest epoch whose handover was given up with this node still open
  std::string handover_problem{};
  Epoch handed_over{};               // highest in which its successor was seen to have all that it has as a replica
  std::int64_t handover_us = 0;      // from the pause of writes to the successor's opening, latest handover
  bool promised = false;             // replica: its agent has lately promised not to open it
  std::int64_t diverged_bytes = -1;  // what its successor does not have, when it became a replica again; -1: unknown
  std::optional<SavedData> saved{};  // the newest, as it was when the present process started, or the last one ended
  std::vector<std::string> pending_restart{};  // parameters that the process takes only at its next start
  std::string parameter_problem{};             // what it said no to, of its parameters

  bool operator==(const NodeFacts&) const = default;
};

struct Image {
  std::string engine;
  std::string version;  // full

  auto operator<=>(const Image&) const = default;
};

// Whether an operator lets nodes be on a host.
enum class Admission {
  kOpen,
  kCordoned,  // those that are there stay, and no other is placed there
  kDraining,  // those that are there move to other hosts, one of a cluster at a time
};

std::string_view AdmissionName(Admission admission);  // "open", "cordoned", "draining"

// What an agent offers; stored, so that a restarted control plane knows whom it is missing.
struct Host {
  AgentName agent;
  std::string zone;
  std::int64_t memory_bytes = 0;
  std::vector<Image> images;
  std::string version;
  WallTime last_heard;
  std::string fence{};         // what ends the writes of a primary without a lease: "kernel", "guard" or "none"
  std::string peer_address{};  // "address:port" (UDP), where its promises are asked for
  Admission admission = Admission::kOpen;  // written by operators alone

  bool operator==(const Host&) const = default;
};

// "8.0.10" is newer than "8.0.9".
bool IsNewer(std::string_view version, std::string_view other);

// Of a version such as "8.0" the newest the host has, "8.0.1"; empty when it has none.
std::string NewestImage(const Host& host, std::string_view engine, std::string_view version);

using NodeFactsMap = std::map<Incarnation, NodeFacts>;

// Whether anything but meters differs: offsets, memory and times move all the while, and what is decided by them looks
// again by itself. The first write is no such move. As agents judge what to tell (nodeagent/decide/facts.h).
bool IsNews(const NodeFacts& before, const NodeFacts& now);
bool IsNews(const NodeFactsMap& before, const NodeFactsMap& now);

// An agent's session and everything it last reported.
struct AgentFacts {
  bool connected = false;
  MonoTime heard;
  WallTime heard_wall;
  Shared<NodeFactsMap> nodes;  // a snapshot of all agents is taken for every call and decision
};

struct RouterFacts {
  std::string name;
  std::string data_path;  // "kernel" or "proxy"
  std::uint64_t map_version = 0;
  std::string problem;
  bool connected = false;
  WallTime heard_wall;
  std::string switch_address{};  // where agents tell it of a switch, "address:port"; empty: nowhere
};

}  // namespace cacheplane::model
