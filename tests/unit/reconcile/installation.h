// The production service and reconciler over a store in memory, with hosts that do at once what they are told: what a
// step leaves behind in rows, events and messages. Faults in between are tests/sim's.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controlplane/reconcile/reconciler.h"
#include "tests/unit/service/world.h"

namespace cacheplane::reconcile {

class Installation : public ports::Dispatcher, public ports::Secrets, public ports::Leases {
 public:
  explicit Installation(const std::map<std::string, std::string>& zones_of_agents);

  // Until it is available: "orders", on Valkey 8.0 and as many zones as there are.
  void Creates(int replicas);
  void Loses(const std::string& agent) { connected_.erase(model::AgentName(agent)); }
  // For another node, on any host.
  void HasNoRoom();
  void Returns(const std::string& agent) { connected_.insert(model::AgentName(agent)); }
  // Second by second, everything that follows from what is.
  void Pass(std::chrono::seconds duration);
  // What depends on a cluster's parameter group, and nothing else, is looked at.
  void Reassigned(const model::ClusterUid& cluster);
  // How many clusters are looked at because of who has fallen silent or is heard again since it was last asked.
  std::uint64_t LookedAtForSilence();
  // Time passes in which the control plane hears and does nothing, and then it looks at everything.
  void HeldUp(std::chrono::seconds duration);

  std::optional<model::Cluster> Find(const std::string& name);
  model::Shard ShardOf(const std::string& name);
  std::vector<model::Node> NodesOf(const std::string& name);
  std::vector<model::Assignment> AssignedTo(const std::string& agent) { return assigned_[model::AgentName(agent)]; }

  // What reconcile/ calls.
  void Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) override;
  void Publish(const model::EndpointMap& map) override;
  std::string EnginePassword(const model::ClusterUid&) const override { return "secret"; }
  std::string AccessKeySecret(const model::AccessKeyId&) const override { return "secret"; }
  std::chrono::milliseconds LeftOf(const model::Incarnation&) const override { return std::chrono::milliseconds(0); }
  bool Close(const model::Incarnation&, model::Epoch) override { return true; }
  void Reopen(const model::Incarnation&, model::Epoch) override {}
  void Assume(const model::Incarnation& incarnation) override { assumed.push_back(incarnation); }
  void Keep(const std::set<model::Incarnation>& planned) override { kept = planned; }

  static constexpr const char* kRouter = "10.0.0.7:40001";  // where it is told of a switch
  model::EndpointMap published;
  int sent = 0;                            // sets of assignments
  std::set<model::ClusterStatus> waiting;  // statuses of clusters with a queue, after every pass that changed something
  std::set<std::string> ended;             // nodes whose process was seen to end
  std::string hanging_image;               // the version whose processes do not answer
  std::uint64_t hanging_from_renewal = 0;  // of those the ones that gave way so often, and more
  std::string hanging_node;                // its processes do not answer
  bool handovers_fail = false;
  std::int64_t pause_us = 0;  // what a handover costs
  std::vector<model::Incarnation> assumed;
  std::map<std::string, std::int64_t> diverged;  // what a node, by name, reports that its successor does not have
  std::set<model::Incarnation> kept;
  service::World world;

 private:
  struct Handover {
    model::Epoch epoch;
    std::int64_t pause_us = 0;
  };

  void Report();
  model::NodeFacts CarriedOut(const model::Assignment& assignment);
  void HandOver(const model::Assignment& assignment, model::NodeFacts& facts);
  std::vector<model::ReplicaFacts> FollowersOf(const model::Address& primary) const;

  std::map<model::AgentName, std::vector<model::Assignment>> assigned_;
  std::map<model::Incarnation, Handover> handovers_;  // the latest of each node
  std::set<model::AgentName> connected_;
  Reconciler reconciler_;
};

}  // namespace cacheplane::reconcile
