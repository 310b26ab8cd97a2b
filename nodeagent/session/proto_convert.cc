#include "nodeagent/session/proto_convert.h"

#include <fmt/format.h>

namespace cacheplane::agent {
namespace {

Result<Intent> FromProto(v1::Intent intent) {
  if (intent == v1::INTENT_RUN) return Intent::kRun;
  if (intent == v1::INTENT_HOLD) return Intent::kHold;
  if (intent == v1::INTENT_ERASE) return Intent::kErase;
  return InvalidArgument(fmt::format("intent {} is not known", static_cast<int>(intent)));
}

Result<Role> RoleFrom(const std::string& role, Intent intent) {
  if (role == "primary") return Role::kPrimary;
  // What does not run needs no role.
  if (role == "replica" || intent != Intent::kRun) return Role::kReplica;
  return InvalidArgument(fmt::format("role '{}' is not known", role));
}

v1::ProcessState ToProto(ProcessState state) {
  switch (state) {
    case ProcessState::kStopped: return v1::PROCESS_STATE_STOPPED;
    case ProcessState::kStarting: return v1::PROCESS_STATE_STARTING;
    case ProcessState::kRunning: return v1::PROCESS_STATE_RUNNING;
    case ProcessState::kHung: return v1::PROCESS_STATE_HUNG;
    case ProcessState::kErased: return v1::PROCESS_STATE_ERASED;
  }
  return v1::PROCESS_STATE_UNSPECIFIED;
}

void AddSaved(const SavedData& saved, v1::SavedData& message) {
  message.set_id(saved.id);
  message.set_replication_id(saved.replication_id);
  message.set_replication_offset(saved.replication_offset);
  message.set_as_of_ms(saved.as_of_ms);
}

void AddNode(const NodeFact& fact, v1::NodeFact& message) {
  message.set_node(fact.node);
  message.set_incarnation(fact.incarnation);
  message.set_process(ToProto(fact.process));
  message.set_pid(fact.pid);
  message.set_epoch(fact.epoch);
  message.set_boot(fact.boot);
  message.set_role(fact.role);
  message.set_engine_version(fact.engine_version);
  message.set_replication_id(fact.replication_id);
  message.set_replication_offset(fact.replication_offset);
  message.set_link_up(fact.link_up);
  message.set_primary(fact.primary);
  for (const ReplicaFact& replica : fact.replicas) {
    auto& line = *message.add_replicas();
    line.set_address(replica.address);
    line.set_state(replica.state);
    line.set_acknowledged_offset(replica.acknowledged_offset);
  }
  message.set_used_memory_bytes(fact.used_memory_bytes);
  message.set_clean_stop_epoch(fact.clean_stop_epoch);
  message.set_ending(fact.ending);
  message.set_exit_reason(fact.exit_reason);
  message.set_problem(fact.problem);
  message.set_starts(fact.starts);
  message.set_renewal(fact.renewal);
  message.set_frozen(fact.frozen);
  message.set_out_of_memory(fact.out_of_memory);
  message.set_handover_failed_epoch(fact.handover_failed_epoch);
  message.set_handover_problem(fact.handover_problem);
  message.set_handover_us(fact.handover_us);
  message.set_handed_over_epoch(fact.handed_over_epoch);
  message.set_promised(fact.promised);
  message.set_diverged_bytes(fact.diverged_bytes);
  message.set_link_down_seconds(fact.link_down_seconds);
  if (fact.saved) AddSaved(*fact.saved, *message.mutable_saved());
  message.mutable_parameters()->mutable_pending_restart()->Assign(fact.pending_restart.begin(),
                                                                  fact.pending_restart.end());
  message.mutable_parameters()->set_problem(fact.parameter_problem);
}

}  // namespace

Result<Assignment> FromProto(const v1::Assignment& message) {
  Assignment assignment;
  assignment.node = message.node();
  assignment.incarnation = message.incarnation();
  CP_ASSIGN_OR_RETURN(assignment.intent, FromProto(message.intent()));
  assignment.must_save = assignment.intent == Intent::kHold;
  assignment.epoch = message.epoch();
  CP_ASSIGN_OR_RETURN(assignment.role, RoleFrom(message.role(), assignment.intent));
  assignment.boot = message.boot();
  assignment.listen = {message.address(), message.port()};
  if (!message.primary_address().empty()) assignment.primary = {message.primary_address(), message.primary_port()};
  if (!message.donor_address().empty()) assignment.donor = {message.donor_address(), message.donor_port()};
  assignment.engine = message.engine();
  assignment.engine_version = message.engine_version();
  assignment.node_memory_bytes = message.node_memory_bytes();
  assignment.parameters = {message.parameters().begin(), message.parameters().end()};
  assignment.family = message.parameter_group_family();
  assignment.internal_password = message.internal_password();
  assignment.condemned = message.condemned();
  assignment.open_start = message.open_start();
  assignment.cut_epoch = message.cut_epoch();
  assignment.restore = message.restore();
  assignment.await_handover = message.await_handover();
  assignment.hand_over = message.hand_over();
  assignment.proven = message.proven();
  assignment.leased = message.leased();
  for (const v1::Peer& peer : message.peers()) assignment.peers.push_back({peer.incarnation(), peer.agent_address()});
  assignment.renewal = message.renewal();
  assignment.routers = {message.routers().begin(), message.routers().end()};
  return assignment;
}

AssignmentUpdate FromProto(const v1::AssignmentSet& message, std::vector<std::string>& refused) {
  AssignmentUpdate update{.revision = message.revision(), .base_revision = message.base_revision()};
  for (const v1::Assignment& item : message.assignments()) {
    auto assignment = FromProto(item);
    if (assignment.ok()) {
      update.assignments.push_back(std::move(*assignment));
    } else {
      refused.push_back(fmt::format("assignment {}: {}", item.incarnation(), assignment.error().message));
    }
  }
  update.removed_incarnations = {message.removed_incarnations().begin(), message.removed_incarnations().end()};
  return update;
}

v1::SessionRequest ToProto(const Hello& hello) {
  v1::SessionRequest request;
  auto& message = *request.mutable_hello();
  message.set_agent(hello.agent);
  message.set_zone(hello.zone);
  message.set_memory_bytes(hello.memory_bytes);
  message.set_version(hello.version);
  message.set_fence(hello.fence);
  message.set_peer_address(hello.peer_address);
  for (const HelloImage& image : hello.images) {
    auto& line = *message.add_images();
    line.set_engine(image.engine);
    line.set_version(image.version);
  }
  return request;
}

v1::SessionRequest ToProto(const Facts& facts) {
  v1::SessionRequest request;
  auto& message = *request.mutable_facts();
  message.set_revision(facts.revision);
  message.set_whole(facts.whole);
  message.set_needs_whole_set(facts.needs_whole_set);
  for (const NodeFact& fact : facts.nodes) AddNode(fact, *message.add_nodes());
  return request;
}

v1::SessionRequest LeaseRequestToProto(std::uint64_t sequence) {
  v1::SessionRequest request;
  request.mutable_lease_request()->set_sequence(sequence);
  return request;
}

LeaseGrant FromProto(const v1::LeaseGrant& message) {
  LeaseGrant grant{.sequence = message.sequence(), .duration = std::chrono::milliseconds(message.duration_ms())};
  for (const v1::LeasedNode& node : message.nodes()) grant.nodes.push_back({node.incarnation(), node.epoch()});
  return grant;
}

Drill FromProto(const v1::Drill& message) {
  Drill drill{.id = message.id(), .duration = std::chrono::milliseconds(message.duration_ms())};
  if (message.has_pause_node()) {
    drill.kind = Drill::Kind::kPauseNode;
    drill.incarnation = message.pause_node().incarnation();
  } else if (message.has_cut_host()) {
    drill.kind = Drill::Kind::kCutHost;
  }
  return drill;
}

v1::SessionRequest DrillAnswerToProto(std::uint64_t id, const std::string& problem) {
  v1::SessionRequest request;
  request.mutable_drill_answer()->set_id(id);
  request.mutable_drill_answer()->set_problem(problem);
  return request;
}

Trial FromProto(const v1::Trial& message) {
  return {.id = message.id(),
          .engine = message.engine(),
          .engine_version = message.engine_version(),
          .family = message.parameter_group_family(),
          .parameters = {message.parameters().begin(), message.parameters().end()},
          .node_memory_bytes = message.node_memory_bytes()};
}

v1::SessionRequest TrialAnswerToProto(std::uint64_t id, const Verdict& verdict) {
  v1::SessionRequest request;
  request.mutable_trial_answer()->set_id(id);
  request.mutable_trial_answer()->set_refusal(verdict.refusal);
  request.mutable_trial_answer()->set_problem(verdict.problem);
  return request;
}

}  // namespace cacheplane::agent
