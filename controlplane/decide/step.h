// The value between "what should happen" and "make it happen": one step for one cluster and pass. reconcile/execute.h
// carries it out in one transaction.
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "controlplane/model/cluster.h"
#include "controlplane/model/plan.h"

namespace cacheplane::decide {

// Creates the shard, its nodes (incarnations are given by the executor) and its endpoints, yet unpublished.
struct PlaceNodes {
  model::Shard shard;
  std::vector<model::Node> nodes;
  std::vector<model::Endpoint> endpoints;
  bool operator==(const PlaceNodes&) const = default;
};

// Grants the primary's process a permit to start again, in an epoch in which none was granted yet: safe only where no
// other node holds newer data.
struct StartPrimary {
  model::NodeName node;
  model::Epoch epoch;
  std::string reason;
  bool operator==(const StartPrimary&) const = default;
};

// A new epoch in which the replicas follow nobody: what a replica reports in it, it holds for good, however late the
// report arrives.
struct DetachReplicas {
  model::Epoch epoch;
  bool operator==(const DetachReplicas&) const = default;
};

// The primary is open: its replicas may follow it.
struct AttachReplicas {
  model::Epoch epoch;
  bool operator==(const AttachReplicas&) const = default;
};

// Never empty.
struct PublishEndpoints {
  std::vector<model::Address> primary;
  std::vector<model::Address> reader;
  bool operator==(const PublishEndpoints&) const = default;
};

struct SetStatus {
  model::ClusterStatus status = model::ClusterStatus::kCreating;
  std::string reason;
  bool operator==(const SetStatus&) const = default;
};

// Nobody is led to the cluster any more; its endpoints keep their addresses until the rows go.
struct WithdrawEndpoints {
  bool operator==(const WithdrawEndpoints&) const = default;
};

// Every node of the cluster is told to erase itself.
struct EraseNodes {
  bool operator==(const EraseNodes&) const = default;
};

// Nothing is left on any host: the rows go.
struct ForgetCluster {
  bool operator==(const ForgetCluster&) const = default;
};

// As asked for, and verified.
struct Converged {
  bool operator==(const Converged&) const = default;
};

// Something is under way; look again at the latest after `recheck`.
struct Waiting {
  std::string reason;
  std::chrono::milliseconds recheck{0};
  bool operator==(const Waiting&) const = default;
};

// Nothing can be done until something changes from outside: what, is the reason.
struct Blocked {
  std::string reason;
  bool operator==(const Blocked&) const = default;
};

using Step = std::variant<PlaceNodes, StartPrimary, DetachReplicas, AttachReplicas, PublishEndpoints, SetStatus,
                          WithdrawEndpoints, EraseNodes, ForgetCluster, Converged, Waiting, Blocked>;

// One line for logs and failing tests: "StartPrimary orders-001 boot 2: lone node".
std::string Describe(const Step& step);

}  // namespace cacheplane::decide
