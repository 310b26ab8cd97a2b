// What was decided (planned): durable rows written only by reconcile/.
#pragma once

#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/model/endpoint.h"
#include "controlplane/model/ids.h"

namespace cacheplane::model {

enum class Role { kPrimary, kReplica };

// What an agent shall do with a node incarnation.
enum class Intent {
  kRun,    // the engine runs in its role
  kHold,   // nothing runs; data stay
  kErase,  // nothing runs and the data directory is removed
};

struct Shard {
  ClusterUid cluster;
  int ordinal = 1;
  Epoch epoch;
  // The epoch whose primary has been seen open for writes, so that replicas may follow it; lower than `epoch` before.
  Epoch attached;
  // The epoch of the latest step that took the replicas from their primary: a detach, a change of primary, a start.
  Epoch detached{};
  // The node that hands its role over to the planned primary and may still be open; empty: none does.
  Incarnation handover{};
  // That node ended, or fell silent, before it was known to have stepped down: whether the planned primary holds the
  // most is to be seen before it is opened.
  bool held = false;
  // Whom the present primary replaced; empty when nobody.
  NodeName former{};
  // Every primary before the present one is known to have ended, or to be a replica.
  bool proven = true;
  // Automatic failovers in the present streak (decide/flap_guard.h), and when the latest of them was. What was asked
  // for, as a test too, does not count: it says nothing of the shard.
  int failovers = 0;
  WallTime last_failover{};

  bool operator==(const Shard&) const = default;
};

struct Node {
  Incarnation incarnation;
  NodeName name;
  ClusterUid cluster;
  int shard = 1;    // the shard's ordinal
  int ordinal = 1;  // within the cluster, from 1
  AgentName agent;
  std::string zone;
  std::string subnet;
  Address address;
  Role role = Role::kReplica;
  Boot boot;  // of a primary: the epoch in which its last permit to start was granted
  // The newest start of this incarnation (NodeFacts::starts) that shall not live; 0: none.
  std::uint64_t condemned = 0;
  // Of a primary that was a replica: the start whose data were judged, and that alone may be opened; 0: by a permit.
  // Of a node that hands over: the start that does.
  std::uint64_t chosen_start = 0;
  // The epoch in which it last stepped down as primary, and the newest such for which clients were told to dial anew.
  Epoch stepped_down{};
  Epoch cut{};
  // Its process ended or its host was lost, and it is not verified again yet.
  bool recovering = false;
  // The epoch in which this incarnation took a lost one's place, or was added, and when; 0: it is of the shard's first
  // nodes.
  Epoch joined{};
  WallTime joined_at{};
  // Of a primary with a permit: the saved data (SavedData::id) that its process is to start with. Stays with a node as
  // that whose permits are counted; empty: none.
  std::string restore{};
  // Permits granted for these data since a primary was last open with them.
  int restores = 0;
  Intent intent = Intent::kRun;
  std::string engine{};         // "valkey" or "redis"
  std::string image_version{};  // full, "8.0.1"
  std::int64_t memory_bytes = 0;
  // Raised when a replica's process is to give way to one that is as planned now; when that was, and the number of the
  // process that is to go.
  std::uint64_t renewal = 0;
  WallTime renewed_at{};
  std::uint64_t renewed_start = 0;
  // Readers are led to others, because its process is about to go.
  bool readers_away = false;

  bool operator==(const Node&) const = default;
};

// An incarnation that was replaced while its host was lost, and that may still run there: it is erased when the host is
// back, and until then nobody else gets its address. It may outlive its cluster.
struct Abandoned {
  Incarnation incarnation;
  NodeName node;
  AgentName agent;
  Address address;

  bool operator==(const Abandoned&) const = default;
};

// The shard in a new epoch, in which its replicas follow nobody before a primary has been seen open.
Shard Detach(Shard shard, Epoch epoch);

// The shard at the beginning of a reign: detached, with a primary that took over from `former` (nobody: it was the
// primary before), and nobody who hands over to it. `proven`: see Shard.
Shard BeginReign(Shard shard, Epoch epoch, const NodeName& former, bool proven);

// The shard once the primary of that epoch has been seen open: nothing of what led to it matters any more.
Shard SeenOpen(Shard shard, Epoch epoch);

// A primary has been seen open since the replicas were last taken from theirs. Afterwards the epoch rises only for
// nodes that join: nobody but that primary can be open in it.
bool IsAttached(const Shard& shard);

// The replica follows the planned primary. One that joined follows nobody before that primary has been seen to know it:
// a primary may live by its peers' promises, and a node it does not ask must hold nothing (docs/adr/0010).
bool Follows(const Node& replica, const Shard& shard);

// It joined, and was neither verified nor made anew since.
bool IsJoining(const Node& node);

// It is planned to be made so; `version` is "8.0".
bool IsMadeSo(const Node& node, std::string_view engine, std::string_view version, std::int64_t memory_bytes);

// Its process, which carries out the renewal given, was to give way when the node became primary: it keeps it until it
// is a replica again.
bool KeepsFormerProcess(const Node& node, std::uint64_t renewal);

// Whether the node may be started as the shard's future primary: its boot was granted in the present epoch, and no
// primary has been seen open in that epoch yet. An agent that lost its disk, and with it the memory of having used a
// permit, can therefore not use it again in front of replicas that hold data.
bool HoldsPermit(const Node& node, const Shard& shard);

std::string_view RoleName(Role role);  // "primary", "replica"

}  // namespace cacheplane::model
