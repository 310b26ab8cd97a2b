// What is reported of an incarnation.
#include <fmt/format.h>

#include "nodeagent/supervisor/node.h"

namespace cacheplane::agent {
namespace {

std::string Text(const std::string& address, int port) { return fmt::format("{}:{}", address, port); }

void AddHistory(const engine::ReplicationInfo& info, NodeFact& fact) {
  fact.replication_id = info.replication_id;
  fact.replication_offset = info.replication_offset;
}

void AddAnswer(const engine::EngineInfo& info, NodeFact& fact) {
  fact.role = info.role;
  fact.engine_version = info.version;
  AddHistory(info, fact);
  fact.used_memory_bytes = info.used_memory_bytes;
  if (info.role == "replica") {
    fact.link_up = info.link_up;
    fact.link_down_seconds = info.link_down_seconds;
    fact.primary = Text(info.primary_address, info.primary_port);
  }
  for (const engine::ReplicaLine& line : info.replicas) {
    fact.replicas.push_back({Text(line.address, line.port), line.state, line.acknowledged_offset});
  }
}

void AddProcess(const Engine& engine, NodeFact& fact) {
  fact.process = engine.State();
  if (engine.stage() == ProcessStage::kEnding) {
    fact.ending = true;
    fact.exit_reason = "ending";
    if (engine.info()) AddHistory(*engine.info(), fact);
    return;
  }
  fact.pid = engine.pid();
  fact.frozen = engine.Frozen();
  if (fact.problem.empty()) fact.problem = engine.Trouble();
  if (engine.info()) AddAnswer(*engine.info(), fact);
}

}  // namespace

NodeFact Node::Fact() const {
  NodeFact fact{.node = node_,
                .incarnation = incarnation_,
                .epoch = saved_.epoch,
                .boot = saved_.boot,
                .clean_stop_epoch = saved_.clean_stop_epoch,
                .exit_reason = exit_reason_,
                .problem = broken_.empty() ? failure_ : broken_,
                .starts = saved_.starts,
                .renewal = saved_.renewal};
  const auto* blocked = decision_ ? std::get_if<Blocked>(&*decision_) : nullptr;
  if (fact.problem.empty() && assignment_ && blocked != nullptr) fact.problem = blocked->reason;
  const bool erased = assignment_ && assignment_->intent == Intent::kErase && !directory_.Exists();
  if (erased) fact.process = ProcessState::kErased;
  if (engine_) {
    AddProcess(*engine_, fact);
  } else {
    // What it had last; a comparison with the others' shows what was lost with it.
    fact.replication_id = last_.history;
    fact.replication_offset = last_.offset;
  }
  fact.out_of_memory = out_of_memory_;
  fact.handover_failed_epoch = saved_.handover_failed_epoch;
  fact.handover_problem = handover_problem_;
  fact.handover_us = handover_us_;
  fact.handed_over_epoch = handed_over_epoch_;
  fact.diverged_bytes = diverged_bytes_;
  fact.saved = saved_data_;
  fact.pending_restart = settings_.pending_restart();
  fact.parameter_problem = settings_.Problem();
  fact.promised = context_.hooks.promised && context_.hooks.promised(incarnation_);
  return fact;
}

}  // namespace cacheplane::agent
