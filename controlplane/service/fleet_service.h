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

class FleetService {
 public:
  FleetService(ports::Store& store, const ports::FactSource& facts, const Clock& clock);

  // kNotFound.
  Result<AgentDetails> GetAgent(const std::string& name) const;
  // Lists: kInvalidArgument for a bad page.
  Result<Page<AgentDetails>> ListAgents(const ListRequest& request) const;
  // By name.
  Result<Page<NodeDetails>> ListNodes(const ListNodesRequest& request) const;
  // By name.
  Result<Page<model::RouterFacts>> ListRouters(const ListRequest& request) const;

 private:
  ports::Store& store_;
  const ports::FactSource& facts_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
