// FleetService: hosts, the nodes on them and routers, for operators. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/facts.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/cluster_view.h"
#include "controlplane/service/paging.h"
#include "controlplane/service/signals.h"

namespace cacheplane::service {

struct AgentDetails {
  model::Host host;
  bool connected = false;
  std::int64_t memory_reserved_bytes = 0;
  int node_count = 0;
  std::vector<std::string> unknown_nodes;  // incarnations on its disk that the store does not know
};

struct ListNodesRequest {
  std::string cluster;  // empty: all
  std::string agent;    // empty: all
  ListRequest page;
};

struct AdmissionAnswer {
  AgentDetails agent;
  std::vector<std::string> leaving;  // of a drain: the nodes that are to leave, by name
};

class FleetService {
 public:
  // The references must outlive the service.
  FleetService(ports::Store& store, const ports::FactSource& facts, Signals signals, const Clock& clock);

  // All three: kInvalidArgument for no name, kNotFound. As often as one likes: what is so already stays so.
  // No node is placed on the agent any more; those that are there stay.
  Result<AdmissionAnswer> CordonAgent(const std::string& name);
  // Nodes may be placed on it again, and none leaves it any more.
  Result<AdmissionAnswer> UncordonAgent(const std::string& name);
  // Its nodes leave it one by one, each when another node has taken its place (decide/moving.h), and none is placed
  // there. kFailedPrecondition when one of them has no place elsewhere. `validate_only`: all checks, no effect.
  Result<AdmissionAnswer> DrainAgent(const std::string& name, bool validate_only);

  // kNotFound.
  Result<AgentDetails> GetAgent(const std::string& name) const;
  // Lists: kInvalidArgument for a bad page.
  Result<Page<AgentDetails>> ListAgents(const ListRequest& request) const;
  // By name.
  Result<Page<NodeDetails>> ListNodes(const ListNodesRequest& request) const;
  // By name.
  Result<Page<model::RouterFacts>> ListRouters(const ListRequest& request) const;

 private:
  Result<AdmissionAnswer> Admit(const std::string& name, model::Admission admission, bool validate_only);
  // Stores it and says so; nothing when it is so already.
  void SetAdmission(ports::Transaction& transaction, model::Host host, const AdmissionAnswer& answer);
  // Clusters that wait for a place are looked at as well.
  void Tell(const model::AgentName& agent, const std::vector<model::ClusterUid>& clusters);

  ports::Store& store_;
  const ports::FactSource& facts_;
  Signals signals_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
