// What sessions carry, as plain values: the contract of proto/cacheplane/agent/v1 without its wire types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "controlplane/model/assignment.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/ids.h"

namespace cacheplane::agents {

// Sessions of this process in order of their start: of two sessions of one agent, the higher is the newer.
using SessionId = std::uint64_t;

// Nodes an agent may report, at most.
inline constexpr std::size_t kMaxNodesPerAgent = 1000;

// Facts of the contract.
struct AgentReport {
  std::uint64_t revision = 0;  // of the assignments the agent carries out
  bool whole = false;          // `nodes` is everything there is
  bool needs_whole_set = false;
  std::vector<model::NodeFacts> nodes;

  bool operator==(const AgentReport&) const = default;
};

// A whole set (base_revision 0), or a change to the set of base_revision.
struct AssignmentSet {
  std::uint64_t revision = 0;
  std::uint64_t base_revision = 0;
  std::vector<model::Assignment> assignments;
  std::vector<model::Incarnation> removed;

  bool operator==(const AssignmentSet&) const = default;
};

}  // namespace cacheplane::agents
