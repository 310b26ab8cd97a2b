// The cluster "orders" while it is modified or rebooted.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "controlplane/model/window.h"
#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {

using Change = std::function<void(service::ClusterDraft& spec, std::vector<std::string>& mask)>;

class Rolling : public testing::Test {
 public:
  static void ToVersion(service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.engine_version = "8.1";
    mask.emplace_back("engine_version");
  }
  static void ToPort(service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.port = 6380;
    mask.emplace_back("port");
  }
  static Change ToReplicas(int replicas) {
    return [replicas](service::ClusterDraft& spec, std::vector<std::string>& mask) {
      spec.replicas_per_shard = replicas;
      mask.emplace_back("replicas_per_shard");
    };
  }

  static void Spread(service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.multi_az = spec.automatic_failover = true;
    mask.insert(mask.end(), {"multi_az", "automatic_failover"});
  }
  // Which no Multi-AZ cluster may be.
  static void Alone(service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.multi_az = spec.automatic_failover = false;
    mask.insert(mask.end(), {"multi_az", "automatic_failover"});
  }

 protected:
  static service::ModifyClusterRequest Request(const std::vector<Change>& changes) {
    service::ModifyClusterRequest request;
    request.name = "orders";
    request.apply_immediately = true;
    for (const Change& change : changes) change(request.spec, request.update_mask);
    return request;
  }
  model::OperationId Asks(const service::ModifyClusterRequest& request) {
    const auto answer = world_.clusters.ModifyCluster(request);
    if (!answer.ok()) throw std::runtime_error(answer.error().message);
    return answer->operation->id;
  }
  model::OperationId Asks(const std::vector<Change>& changes) { return Asks(Request(changes)); }

  model::Operation Operation(const model::OperationId& id) { return *world_.operations.GetOperation(id.str()); }
  model::OperationId SwitchesOver() {
    return world_.clusters.SwitchoverCluster({"orders", "", "", "", ""})->operation->id;
  }

  model::OperationId Reboots(const std::vector<std::string>& nodes = {}) {
    const auto answer = world_.clusters.RebootCluster({.name = "orders", .nodes = nodes});
    if (!answer.ok()) throw std::runtime_error(answer.error().message);
    return answer->operation->id;
  }
  // How often each node's process gave way, in order of the nodes' names.
  std::vector<std::uint64_t> Renewals() {
    std::map<model::NodeName, std::uint64_t> renewals;
    for (const model::Node& node : installation_.NodesOf("orders")) renewals[node.name] = node.renewal;
    std::vector<std::uint64_t> in_order;
    for (const auto& [name, renewal] : renewals) in_order.push_back(renewal);
    return in_order;
  }

  void UntilWindowOpens() {
    const auto window = model::ParseMaintenanceWindow(installation_.Find("orders")->spec.maintenance_window);
    while (model::LeftOf(*window, world_.clock.Now()) == std::chrono::milliseconds(0))
      world_.clock.Advance(std::chrono::minutes(1));
  }

  Installation installation_{{{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}}};
  service::World& world_ = installation_.world;
};

}  // namespace cacheplane::reconcile
