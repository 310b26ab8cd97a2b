// Makes a step happen: rows and events, inside the caller's write transaction. Messages to agents leave after the
// commit (reconcile/reconciler.h), so a step that was not committed was never heard of by anybody.
#pragma once

#include <functional>
#include <string_view>

#include "common/clock.h"
#include "controlplane/decide/step.h"
#include "controlplane/decide/views.h"
#include "controlplane/ports/change_queue.h"
#include "controlplane/ports/secrets.h"
#include "controlplane/ports/store.h"

namespace cacheplane::reconcile {

struct Outcome {
  bool changed = false;    // rows were written: decide again
  bool journaled = false;  // operations or events were written
  bool endpoints = false;  // the endpoint map changed
  bool primary = false;    // who is primary may have changed, or that the endpoint waits for a handover
};

class Executor {
 public:
  Executor(ports::Transaction& tx, const decide::ClusterView& view, const decide::Policy& policy,
           ports::Identifiers& identifiers, ports::ChangeQueue& queue, WallTime now)
      : tx_(tx),
        view_(view),
        policy_(policy),
        cluster_(view.cluster),
        identifiers_(identifiers),
        queue_(queue),
        now_(now) {}

  // kAlreadyExists when an address was taken meanwhile: nothing stays, decide again.
  Result<Outcome> Execute(const decide::Step& step);

 private:
  Status Apply(const decide::PlaceNodes& step);
  Status Apply(const decide::StartPrimary& step);
  Status Apply(const decide::RestoreShard& step);
  Status Apply(const decide::DetachReplicas& step);
  Status Apply(const decide::PromoteReplica& step);
  Status Apply(const decide::CondemnNode& step);
  Status Apply(const decide::SwitchPrimary& step);
  Status Apply(const decide::HoldHandover& step);
  Status Apply(const decide::ReleaseHandover& step);
  Status Apply(const decide::CancelSwitch& step);
  Status Apply(const decide::LeadReadersAway& step);
  Status Apply(const decide::RenewNode& step);
  Status Apply(const decide::AddReplica& step);
  Status Apply(const decide::RemoveReplica& step);
  Status Apply(const decide::BeginQueued& step);
  Status Apply(const decide::StartPending& step);
  Status Apply(const decide::StartUpdate& step);
  Status Apply(const decide::StartMove& step);
  Status Apply(const decide::GoBack& step);
  Status Apply(const decide::CompleteOperation& step);
  Status Apply(const decide::FailOperation& step);
  Status Apply(const decide::FinishRecovery& step);
  Status Apply(const decide::ReplaceNode& step);
  Status Apply(const decide::CutClients& step);
  Status Apply(const decide::AttachReplicas& step);
  Status Apply(const decide::PublishEndpoints& step);
  Status Apply(const decide::SetStatus& step);
  Status Apply(const decide::WithdrawEndpoints& step);
  Status Apply(const decide::EraseNodes& step);
  Status Apply(const decide::HoldNodes& step);
  Status Apply(const decide::ReleaseNodes& step);
  Status Apply(const decide::ForgetCluster& step);
  Status Apply(const decide::Converged& step);
  Status Apply(const decide::Waiting& step);
  Status Apply(const decide::Blocked& step);

  void PutShard(const model::Shard& shard);
  // A reign that begins, or whose handover was broken off: no endpoint leads anywhere by itself any more.
  Status PutReign(const model::Shard& shard);
  void Abandon(const model::Node& node);
  // In that epoch, which alone rises: who follows goes on following.
  Status Join(model::Node node, model::Epoch epoch);
  // The primary endpoint leads there as soon as an agent says so; nothing: it does not any more.
  Status Arm(const std::optional<model::ArmedSwitch>& armed);
  // The node is the primary from now on, by its process of that start, and the former one a replica, which
  // `steps_down` completes.
  Status SwapRoles(const model::NodeName& successor, model::Epoch epoch, std::uint64_t starts,
                   const std::function<void(model::Node&)>& steps_down);
  Status IntendForAll(model::Intent intent);
  Status ChangeNode(const model::NodeName& name, const std::function<void(model::Node&)>& change);
  void AnnounceChangeOfPrimary();
  Status SetReason(const std::string& reason);
  void RecordProgress(const decide::Step& step);
  // An operation that nobody called for begins.
  void BeginOperation(model::OperationKind kind, std::map<model::Incarnation, std::string> images_before = {},
                      std::string update_to = {});
  // A node of an update gets this patch level.
  void NoteUpdateTo(const std::string& version);
  // In which epoch the operation switched the primary.
  void NoteHandover(model::Epoch epoch);
  // The operation's handover was given up: it is tried again later.
  void PutOff();
  std::string TellModified() const;
  void TellStopped();
  void EndOperation(model::OperationStatus status, const std::string& reason);
  Status StoreCluster();
  // A modification or reboot is over; `impaired`: what is wrong all the same, empty when all nodes are verified.
  Status EndChange(const std::string& impaired);
  void Say(model::Severity severity, std::string_view source_type, const std::string& source, std::string message);
  void SayOfCluster(model::Severity severity, std::string message);
  // Of a cache cluster of its own: of the cluster, which is its node to the AWS API.
  void SayOfNode(model::Severity severity, const model::NodeName& node, std::string message);
  void AnnounceCreated();

  ports::Transaction& tx_;
  const decide::ClusterView& view_;
  const decide::Policy& policy_;
  model::Cluster cluster_;  // as it will be
  ports::Identifiers& identifiers_;
  ports::ChangeQueue& queue_;
  WallTime now_;
  Outcome outcome_;
};

}  // namespace cacheplane::reconcile
