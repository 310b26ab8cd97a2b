// A shard "orders" of a primary orders-001 and two replicas, all running and in sync; tests change one thing.
#pragma once

#include <string>
#include <vector>

#include "controlplane/model/cluster.h"
#include "controlplane/model/plan.h"
#include "controlplane/ports/facts.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {

struct PlacedShard {
  explicit PlacedShard(MonoTime heard) {
    for (int ordinal = 1; ordinal <= 3; ++ordinal) Add(ordinal, heard);
  }

  model::NodeFacts& FactsOf(std::size_t index) { return AgentOf(index).nodes.Own()[nodes.at(index).incarnation]; }
  model::AgentFacts& AgentOf(std::size_t index) { return facts.agents[nodes.at(index).agent]; }

  // Stores it as the plan of the cluster "orders", whose creation ends with that.
  void Establish(World& world) {
    World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      const model::ClusterUid uid = transaction.clusters().Find("orders")->uid;
      transaction.plan().PutShard({uid, 1, model::Epoch{1}, model::Epoch{1}});
      for (model::Node& node : nodes) {
        node.cluster = uid;
        CP_RETURN_IF_ERROR(transaction.plan().PutNode(node));
      }
      return {};
    }));
    EndOperation(world);
    world.SetStatus("orders", model::ClusterStatus::kAvailable);
  }

  // What reconcile/ does when the operation under way succeeds.
  static void EndOperation(World& world) {
    World::Require(world.store.Write([&](ports::Transaction& transaction) -> Status {
      model::Cluster cluster = *transaction.clusters().Find("orders");
      model::Operation operation = *transaction.journal().FindOperation(cluster.operation);
      operation.status = model::OperationStatus::kSucceeded;
      transaction.journal().PutOperation(operation);
      cluster.operation = {};
      return transaction.clusters().Update(cluster);
    }));
  }

  std::vector<model::Node> nodes;
  ports::FactSnapshot facts;

 private:
  void Add(int ordinal, MonoTime heard) {
    const std::string number = std::to_string(ordinal);
    model::Node node;
    node.incarnation = model::Incarnation("in-" + number);
    node.name = model::NodeNameOf("orders", ordinal);
    node.ordinal = ordinal;
    node.agent = model::AgentName("agent-" + number);
    node.subnet = "subnet-us-east-1a";
    node.address = {"127.20.0." + std::to_string(3 + ordinal), 6379};
    node.role = ordinal == 1 ? model::Role::kPrimary : model::Role::kReplica;
    node.engine = "valkey";
    node.image_version = "8.0.1";
    nodes.push_back(node);
    model::AgentFacts& agent = facts.agents[node.agent];
    agent.connected = true;
    agent.heard = heard;
    model::NodeFacts& seen = agent.nodes.Own()[node.incarnation];
    seen.process = model::ProcessState::kRunning;
    seen.role = node.role;
    seen.engine_version = "8.0.1";
    seen.starts = 1;
    seen.replication_offset = 1000;
    if (ordinal == 1) return;
    seen.link_up = true;
    seen.primary = nodes.front().address;
  }
};

}  // namespace cacheplane::service
