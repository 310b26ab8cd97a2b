// What was decided (planned): durable rows written only by reconcile/.
#pragma once

#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/model/ids.h"

namespace cacheplane::model {

struct Address {
  std::string ip;
  int port = 0;

  auto operator<=>(const Address&) const = default;
};

enum class Role { kPrimary, kReplica };

// What an agent shall do with a node incarnation.
enum class Intent {
  kRun,    // the engine runs in its role
  kErase,  // nothing runs and the data directory is removed
};

struct Shard {
  ClusterUid cluster;
  int ordinal = 1;
  Epoch epoch;
  // The epoch whose primary has been seen open for writes, so that replicas may follow it; lower than `epoch` before.
  Epoch attached;
  // The node that hands its role over to the planned primary and may still be open; empty: none does.
  Incarnation handover{};
  // Whom the present primary replaced; empty when nobody.
  NodeName former{};
  // Every primary before the present one is known to have ended, or to be a replica.
  bool proven = true;
  // Automatic failovers in the present streak (decide/flap_guard.h), and when the latest of them was.
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
  std::uint64_t chosen_start = 0;
  // Its process ended, and it is not verified again yet.
  bool recovering = false;
  Intent intent = Intent::kRun;
  std::string image_version;  // full, "8.0.1"
  std::int64_t memory_bytes = 0;

  bool operator==(const Node&) const = default;
};

enum class EndpointKind { kPrimary, kReader };

struct Endpoint {
  ClusterUid cluster;
  EndpointKind kind = EndpointKind::kPrimary;
  std::string subnet;
  Address address;
  // Version of the endpoint map in which it last changed; 0 while it was never published.
  std::uint64_t version = 0;
  std::vector<Address> targets;  // sorted; empty while never published

  bool operator==(const Endpoint&) const = default;
};

// Whether the node may be started as the shard's future primary: its boot was granted in the present epoch, and no
// primary has been seen open in that epoch yet. An agent that lost its disk, and with it the memory of having used a
// permit, can therefore not use it again in front of replicas that hold data.
bool HoldsPermit(const Node& node, const Shard& shard);

std::string_view RoleName(Role role);                  // "primary", "replica"
std::string_view EndpointKindName(EndpointKind kind);  // "primary", "reader"

}  // namespace cacheplane::model

template <>
struct fmt::formatter<cacheplane::model::Address> : fmt::formatter<std::string> {
  template <typename Context>
  auto format(const cacheplane::model::Address& address, Context& context) const {
    return fmt::formatter<std::string>::format(fmt::format("{}:{}", address.ip, address.port), context);
  }
};
