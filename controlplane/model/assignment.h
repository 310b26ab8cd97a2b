// What is sent: assignments to agents and the endpoint map to routers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/model/ids.h"
#include "controlplane/model/plan.h"

namespace cacheplane::model {

struct Peer {
  Incarnation incarnation;
  std::string agent_address;

  bool operator==(const Peer&) const = default;
};

// See Assignment in proto/cacheplane/agent/v1/agent.proto.
struct Assignment {
  NodeName node;
  Incarnation incarnation;
  Intent intent = Intent::kRun;
  Epoch epoch;
  Role role = Role::kReplica;
  Boot boot;
  Address address;
  std::optional<Address> primary;  // replica: whom it follows; nobody until the primary is open
  std::optional<Address> donor;    // replica that joined: whom it copies from first; nobody: from its primary
  std::string engine;
  std::string image_version;
  std::int64_t memory_bytes = 0;
  std::map<std::string, std::string> parameters;
  std::string family;
  std::string internal_password;
  std::uint64_t condemned = 0;
  std::uint64_t open_start = 0;
  Epoch cut{};
  std::string restore{};
  bool await_handover = false;
  bool hand_over = false;
  bool proven = true;
  bool leased = false;
  std::vector<Peer> peers{};  // by incarnation
  std::uint64_t renewal = 0;
  std::vector<std::string> routers{};  // hand_over: told at once that the successor is open

  bool operator==(const Assignment&) const = default;
};

struct EndpointMap {
  std::uint64_t version = 0;
  std::vector<Endpoint> endpoints;  // only those with targets

  bool operator==(const EndpointMap&) const = default;
};

}  // namespace cacheplane::model
