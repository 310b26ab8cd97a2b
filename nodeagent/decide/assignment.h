// What the control plane wants of one node incarnation, and a change to the set of such wishes. Plain values: the
// contract behind every field is proto/cacheplane/agent/v1/agent.proto.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cacheplane::agent {

enum class Intent { kRun, kHold, kErase };
enum class Role { kPrimary, kReplica };

struct Address {
  std::string host{};  // an IP address
  int port = 0;

  bool operator==(const Address&) const = default;
};

struct Peer {
  std::string incarnation{};
  std::string agent_address{};  // "address:port" (UDP) of its agent

  bool operator==(const Peer&) const = default;
};

// A directive of an engine's configuration and the value it shall have, as CONFIG SET takes them.
struct Setting {
  std::string directive{};
  std::string value{};

  bool operator==(const Setting&) const = default;
};

struct Assignment {
  std::string node{};
  std::string incarnation{};
  Intent intent = Intent::kRun;
  std::uint64_t epoch = 0;
  Role role = Role::kReplica;
  std::uint64_t boot = 0;
  Address listen{};
  std::optional<Address> primary{};  // of a replica; nullopt: follow nobody yet
  std::optional<Address> donor{};    // of a replica that joined: another one that it copies from first
  std::string engine{};
  std::string engine_version{};  // full, such as "8.0.1"
  std::int64_t node_memory_bytes = 0;
  std::map<std::string, std::string> parameters{};
  std::string family{};
  std::string internal_password{};
  std::uint64_t condemned = 0;   // the newest start that shall not live; 0: none
  std::uint64_t open_start = 0;  // primary: the only start that may be opened; 0: any
  std::uint64_t cut_epoch = 0;   // replica: its clients are to dial anew, once for each such epoch; 0: never
  std::string restore{};         // primary: the saved data (SavedData::id) that its permit is for; empty: for none
  bool await_handover = false;   // primary: the former one opens it
  bool hand_over = false;        // replica that is still open: hands over to `primary`
  bool proven = true;            // primary: the former one has ended or is a replica
  bool leased = false;           // primary: takes writes only under a lease
  std::uint64_t renewal = 0;     // replica: a process that was started for a lower number gives way to another
  std::vector<Peer> peers{};     // the shard's other nodes
  std::vector<std::string> routers{};  // hand_over: who is told that the successor is open, "address:port" (UDP)
  bool must_save = false;              // hold: no process is ended before its data are saved
  bool close_first = false;  // hold: becomes a replica of nobody before it saves; of this agent's own wishes only

  bool operator==(const Assignment&) const = default;
};

// A whole set (base_revision 0), or a change to the set of base_revision.
struct AssignmentUpdate {
  std::uint64_t revision = 0;
  std::uint64_t base_revision = 0;
  std::vector<Assignment> assignments{};
  std::vector<std::string> removed_incarnations{};
};

}  // namespace cacheplane::agent
