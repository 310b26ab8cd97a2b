// What agents and routers are told: a function of committed rows alone, so that it can be sent again at any time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/model/assignment.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/plan.h"

namespace cacheplane::decide {

// A node with what its assignment also depends on.
struct AssignmentInputs {
  model::Node node;
  model::Shard shard;
  model::Address primary;                  // of the shard
  std::optional<model::Address> handover;  // of the node that hands over, while it does
  std::optional<model::Address> donor;     // DonorOf
  std::vector<model::Peer> peers;          // the shard's other nodes
  std::vector<std::string> routers;        // where they are told of a switch
  model::ClusterSpec spec;
  std::string family;                             // of the node's engine version
  std::map<std::string, std::string> parameters;  // those that differ from the family's defaults
  std::string internal_password;
};

// The replica that a node that has just joined copies from, until it is verified: a primary stands still while it forks
// for a full synchronisation, for 50 ms with 1 GiB of data. Of those that are not being recovered, of the same engine
// and of no newer version, the one that is there longest, so that it stays the same. Nobody when there is none, and
// whenever the primary has changed since the node joined.
std::optional<model::Address> DonorOf(const model::Node& joiner, const model::Shard& shard,
                                      const std::vector<model::Node>& nodes);

// A boot number is sent only while the node holds a permit.
model::Assignment MakeAssignment(const AssignmentInputs& inputs);

// Of an abandoned incarnation: in no epoch, since erasing is final and its shard may be gone.
model::Assignment MakeErasure(const model::Abandoned& abandoned);

// Endpoints without targets are left out: a map never holds an empty one.
model::EndpointMap MakeEndpointMap(std::uint64_t version, const std::vector<model::Endpoint>& endpoints);

}  // namespace cacheplane::decide
