// Scenario verbs for decide tests: a cluster, its nodes and hosts as plain values, changed by words.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "controlplane/decide/cluster.h"
#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"

namespace cacheplane::decide {

inline constexpr std::int64_t kGib = 1LL << 30;

class Scenario {
 public:
  // A new cluster "orders" of one primary and `replicas`, on three hosts in three zones, not placed yet.
  explicit Scenario(int replicas = 2, bool multi_az = true);

  ClusterView view;
  Policy policy;

  Step Next() const { return DecideCluster(view, policy); }

  Scenario& Host(const std::string& agent, const std::string& zone, std::int64_t memory = 8 * kGib);
  // Carries out a decided placement, with incarnations "i1", "i2", ….
  Scenario& Place();
  // Placed, running, attached, published, served and available.
  Scenario& Converge();

  NodeView& Node(int ordinal) { return view.nodes[static_cast<std::size_t>(ordinal - 1)]; }
  model::NodeFacts& Facts(int ordinal) { return *Node(ordinal).facts; }

  // The process answers in its planned role; a replica is online at the primary.
  Scenario& Runs(int ordinal);
  // The process is gone, seen by its agent.
  Scenario& Dies(int ordinal, const std::string& reason = "signal 9");
  // A new epoch was committed, and the replicas report that they follow nobody in it.
  Scenario& Detached();
  // It has never synchronised: it holds nothing, in a history of its own.
  Scenario& HoldsNothing(int ordinal);
  // HoldHandover was committed.
  Scenario& Held();
  // It reports, in the present epoch and as a replica of nobody, that it holds so much.
  Scenario& SaysInEpoch(int ordinal, std::int64_t offset);
  // A change of primary was asked for, and is under way.
  Scenario& Asked(model::OperationKind kind, const std::string& node);
  // Roles as after SwitchPrimary or PromoteReplica to that node, in the next epoch.
  Scenario& Swapped(int successor);
  // Its agent is disconnected and was last heard that long ago.
  Scenario& FallsSilent(int ordinal, std::chrono::milliseconds silence);
  // So is everything on its host, for longer than a host that reboots; clients are led elsewhere.
  Scenario& LosesHost(int ordinal);
  // Carries out a decided replacement, with incarnation "…-again".
  Scenario& Replaced();
  Scenario& Published();
  Scenario& Served();
  // The endpoints have no targets any more, in map version 2.
  Scenario& Withdrawn();

  bool IsAvailable() const { return view.cluster.status == model::ClusterStatus::kAvailable; }
};

template <typename T>
const T* As(const Step& step) {
  return std::get_if<T>(&step);
}

}  // namespace cacheplane::decide
