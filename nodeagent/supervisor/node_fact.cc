// What is reported of an incarnation.
#include <fmt/format.h>

#include "nodeagent/supervisor/node.h"

namespace cacheplane::agent {
namespace {

std::string Text(const std::string& address, int port) { return fmt::format("{}:{}", address, port); }

void AddAnswer(const engine::EngineInfo& info, NodeFact& fact) {
  fact.role = info.role;
  fact.engine_version = info.version;
  fact.replication_id = info.replication_id;
  fact.replication_offset = info.replication_offset;
  fact.used_memory_bytes = info.used_memory_bytes;
  if (info.role == "replica") {
    fact.link_up = info.link_up;
    fact.primary = Text(info.primary_address, info.primary_port);
  }
  for (const engine::ReplicaLine& line : info.replicas) {
    fact.replicas.push_back({Text(line.address, line.port), line.state, line.acknowledged_offset});
  }
}

void AddProcess(const Engine& engine, StopStage stop, NodeFact& fact) {
  fact.process = engine.State();
  if (engine.stage() == ProcessStage::kEnding) {
    fact.exit_reason = "ending";
    return;
  }
  // An engine that saves before its end answers nobody and is well.
  if (fact.process == ProcessState::kHung && stop == StopStage::kSaving) fact.process = ProcessState::kRunning;
  fact.pid = engine.pid();
  if (fact.problem.empty() && !engine.info() && fact.process == ProcessState::kHung) fact.problem = engine.problem();
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
                .starts = saved_.starts};
  const auto* blocked = decision_ ? std::get_if<Blocked>(&*decision_) : nullptr;
  if (fact.problem.empty() && assignment_ && blocked != nullptr) fact.problem = blocked->reason;
  const bool erased = assignment_ && assignment_->intent == Intent::kErase && !directory_.Exists();
  if (erased) fact.process = ProcessState::kErased;
  if (engine_) AddProcess(*engine_, stop_, fact);
  return fact;
}

}  // namespace cacheplane::agent
