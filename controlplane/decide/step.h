// The value between "what should happen" and "make it happen": one step for one cluster and pass. reconcile/execute.h
// carries it out in one transaction.
#pragma once

#include <chrono>
#include <optional>
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
  std::string data{};  // SavedData::id: what it is to start with, or not at all; empty: with nothing in particular
  bool operator==(const StartPrimary&) const = default;
};

// Nothing that lives holds the shard's data: the node that saved the newest is the primary, in an epoch of its own, and
// its process starts with them.
struct RestoreShard {
  model::NodeName node;
  model::Epoch epoch;
  std::string data;  // SavedData::id
  int attempt = 1;   // with these data
  std::string reason;
  std::vector<std::string> others;  // what every other node has, a line for each
  std::string lost;                 // what is known to be lost
  std::optional<model::Incarnation> unproven{};
  bool operator==(const RestoreShard&) const = default;
};

// A new epoch in which the replicas follow nobody: what a replica reports in it, it holds for good, however late the
// report arrives.
struct DetachReplicas {
  model::Epoch epoch;
  // A primary that may still be alive: its lease is closed before this is committed.
  std::optional<model::Incarnation> unproven{};
  bool operator==(const DetachReplicas&) const = default;
};

// The replica becomes the planned primary, and the former primary a replica, in an epoch of its own.
struct PromoteReplica {
  model::NodeName node;
  model::Epoch epoch;
  std::uint64_t starts = 0;  // the number of its process that was judged: no later one is opened
  std::string reason;
  std::vector<std::string> passed_over;  // one line for every other replica
  int streak = 1;                        // its number for the flap guard; 0: asked for, and not counted
  std::optional<model::Incarnation> unproven{};
  bool operator==(const PromoteReplica&) const = default;
};

// A process that hangs or is stopped is to be killed: its end is the proof that a promotion needs.
struct CondemnNode {
  model::NodeName node;
  std::uint64_t starts = 0;  // its number; later processes of the node are not concerned
  std::string reason;
  bool operator==(const CondemnNode&) const = default;
};

// The primary hands over to the replica: its agent lets it, once not a single write can be lost.
struct SwitchPrimary {
  model::NodeName node;
  model::Epoch epoch;
  std::uint64_t starts = 0;         // of its process, as in PromoteReplica
  std::uint64_t former_starts = 0;  // of the process that hands over
  bool operator==(const SwitchPrimary&) const = default;
};

// The former primary ended or fell silent in the middle of it: a new epoch in which the other replicas follow nobody,
// so that they can be compared with the successor, and promise the former primary nothing more.
struct HoldHandover {
  model::Epoch epoch;
  std::optional<model::Incarnation> unproven{};
  bool operator==(const HoldHandover&) const = default;
};

// The former primary is a replica, or gone, and did not open its successor, which holds the most: its agent shall.
struct ReleaseHandover {
  std::optional<model::Incarnation> unproven{};
  bool operator==(const ReleaseHandover&) const = default;
};

// The former primary stayed open: it is the primary again, in a new epoch, and the operation has failed.
struct CancelSwitch {
  model::Epoch epoch;
  std::uint64_t starts = 0;  // of its process, which alone has the data
  std::string reason;
  bool operator==(const CancelSwitch&) const = default;
};

// Readers are led to others, since the replica's process is about to give way.
struct LeadReadersAway {
  model::NodeName node;
  bool operator==(const LeadReadersAway&) const = default;
};

// The replica's process gives way, its data saved, to one that is made of this.
struct RenewNode {
  model::NodeName node;
  std::string engine;
  std::string image_version;
  std::int64_t memory_bytes = 0;
  std::uint64_t start = 0;  // of the process that goes
  bool kill = false;        // it does not run well: it is ended without saving
  bool operator==(const RenewNode&) const = default;
};

// One more node of the shard: it joins in a new epoch, while the replicas go on following.
struct AddReplica {
  model::Node node;  // its incarnation is given by the executor
  model::Epoch epoch;
  bool operator==(const AddReplica&) const = default;
};

// The replica is no node of the shard any more; its host erases it.
struct RemoveReplica {
  model::Incarnation node;
  bool operator==(const RemoveReplica&) const = default;
};

// What was under way has ended: the change that waited for it is begun, or ends when it cannot be had any more.
struct BeginQueued {
  model::OperationId operation;
  bool operator==(const BeginQueued&) const = default;
};

// The maintenance window is open: what waited for it is the definition now, and an operation makes it so.
struct StartPending {
  model::Build build;
  bool operator==(const StartPending&) const = default;
};

// Nodes have a newer patch level of their version on their hosts, and the maintenance window is open: an operation
// makes them of it.
struct StartUpdate {
  bool operator==(const StartUpdate&) const = default;
};

// Nodes of the cluster leave hosts that are drained: an operation moves them.
struct StartMove {
  bool operator==(const StartMove&) const = default;
};

// What was asked for cannot be had: what nodes are made of, and how many there are, is as before the operation, which
// goes on towards that, and fails.
struct GoBack {
  std::string reason;
  bool operator==(const GoBack&) const = default;
};

struct CompleteOperation {
  bool operator==(const CompleteOperation&) const = default;
};

struct FailOperation {
  std::string reason;
  std::string impaired{};  // what is wrong with the cluster because of it; empty: nothing is
  bool operator==(const FailOperation&) const = default;
};

// A node whose process had ended is verified again.
struct FinishRecovery {
  model::NodeName node;
  std::int64_t diverged_bytes = 0;  // of its stream that the shard does not have
  bool operator==(const FinishRecovery&) const = default;
};

// A replica whose host is lost lives on elsewhere under its name: an incarnation that joins in a new epoch, while the
// other replicas go on following. The lost one is erased when its host is back.
struct ReplaceNode {
  model::Incarnation lost;
  model::Node node;  // its incarnation is given by the executor
  model::Epoch epoch;
  std::string reason;
  bool operator==(const ReplaceNode&) const = default;
};

// Every router leads clients to the present primary. Whoever dialled before that may sit at a node that stepped down in
// that epoch and refuses their writes, and does not leave it by himself: its agent closes their connections once more.
struct CutClients {
  model::NodeName node;
  model::Epoch epoch;
  bool operator==(const CutClients&) const = default;
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
  int port = 0;  // of the endpoints themselves from now on; 0: as it is
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

// Every process of the cluster ends, its data saved, and none is started.
struct HoldNodes {
  bool operator==(const HoldNodes&) const = default;
};

// Nodes that were held run again.
struct ReleaseNodes {
  bool operator==(const ReleaseNodes&) const = default;
};

// Nothing is left on any host that is heard: the rows go.
struct ForgetCluster {
  std::vector<model::Incarnation> abandoned{};  // on lost hosts: to be erased when those are back
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

using Step =
    std::variant<PlaceNodes, StartPrimary, RestoreShard, DetachReplicas, PromoteReplica, CondemnNode, SwitchPrimary,
                 HoldHandover, ReleaseHandover, CancelSwitch, LeadReadersAway, RenewNode, AddReplica, RemoveReplica,
                 BeginQueued, StartPending, StartUpdate, StartMove, GoBack, CompleteOperation, FailOperation,
                 FinishRecovery, ReplaceNode, CutClients, AttachReplicas, PublishEndpoints, SetStatus,
                 WithdrawEndpoints, EraseNodes, HoldNodes, ReleaseNodes, ForgetCluster, Converged, Waiting, Blocked>;

// The node whose lease has to be closed before the step is committed; none when nothing unproven is in it.
std::optional<model::Incarnation> UnprovenIn(const Step& step);

// One line for logs and failing tests: "StartPrimary orders-001 boot 2: lone node".
std::string Describe(const Step& step);

}  // namespace cacheplane::decide
