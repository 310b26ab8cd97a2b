// What an agent is told and what it reports, in the words of both sides.
#include <algorithm>

#include "tests/sim/agent.h"

namespace cacheplane::sim {
namespace {

constexpr std::int64_t kHungAfter = 1000;
constexpr std::int64_t kFrozenAfter = 20;

// Offsets move all the time; the heartbeat carries them.
NodeReport WithoutMeters(NodeReport report) {
  for (auto& [incarnation, facts] : report) {
    facts.replication_offset = facts.replication_offset > 1 ? 2 : 0;
    facts.link_down_seconds = 0;
    for (model::ReplicaFacts& replica : facts.replicas) replica.acknowledged_offset = 0;
  }
  return report;
}

std::optional<model::SavedData> SavedIn(const Directory& directory) {
  if (directory.saved_id.empty()) return std::nullopt;
  return model::SavedData{directory.saved_id, ReplicationId(directory.saved), kBytesPerWrite * directory.saved.length,
                          FromUnixMillis(directory.saved_at)};
}

agent::Intent ToAgent(model::Intent intent) {
  switch (intent) {
    case model::Intent::kRun: return agent::Intent::kRun;
    case model::Intent::kHold: return agent::Intent::kHold;
    case model::Intent::kErase: break;
  }
  return agent::Intent::kErase;
}

}  // namespace

agent::Address ToAgent(const model::Address& address) { return {address.ip, address.port}; }
model::Address ToModel(const agent::Address& address) { return {address.host, address.port}; }

agent::Assignment ToAgent(const model::Assignment& from) {
  agent::Assignment to;
  to.node = from.node.str();
  to.incarnation = from.incarnation.str();
  to.intent = ToAgent(from.intent);
  to.must_save = from.intent == model::Intent::kHold;
  to.epoch = from.epoch.value;
  to.role = from.role == model::Role::kPrimary ? agent::Role::kPrimary : agent::Role::kReplica;
  to.boot = from.boot.value;
  to.listen = ToAgent(from.address);
  if (from.primary) to.primary = ToAgent(*from.primary);
  to.engine = from.engine;
  to.engine_version = from.image_version;
  to.condemned = from.condemned;
  to.renewal = from.renewal;
  if (from.donor) to.donor = ToAgent(*from.donor);
  to.open_start = from.open_start;
  to.restore = from.restore;
  to.parameters = from.parameters;
  to.await_handover = from.await_handover;
  to.hand_over = from.hand_over;
  to.proven = from.proven;
  to.leased = from.leased;
  for (const model::Peer& peer : from.peers) to.peers.push_back({peer.incarnation.str(), peer.agent_address});
  return to;
}

std::string TimeoutIn(const std::map<std::string, std::string>& parameters) {
  const auto timeout = parameters.find("timeout");
  return timeout == parameters.end() ? "0" : timeout->second;
}

NodeReport Agent::Facts() const {
  NodeReport report;
  for (const auto& [incarnation, node] : nodes_) {
    const bool known = host_.disk.contains(incarnation) || host_.assignments.contains(incarnation);
    // Nothing that would take back what was known before its engine was asked for the first time.
    const bool unasked = node.process != 0 && !node.info && node.started == 0 && node.unanswered_since < 0;
    if (known && !unasked) report[model::Incarnation(incarnation)] = FactsOf(incarnation, node);
  }
  return report;
}

model::NodeFacts Agent::FactsOf(const std::string& incarnation, const NodeMemory& node) const {
  model::NodeFacts facts;
  facts.incarnation = model::Incarnation(incarnation);
  const agent::Assignment* wanted = AssignmentOf(incarnation);
  if (wanted != nullptr) facts.node = model::NodeName(wanted->node);
  const auto directory = host_.disk.find(incarnation);
  if (directory != host_.disk.end()) {
    facts.node = directory->second.node;
    facts.epoch = {directory->second.epoch};
    facts.boot = {directory->second.boot};
    facts.clean_stop = {directory->second.clean_stop};
    facts.starts = directory->second.starts;
    facts.renewal = directory->second.renewal;
    facts.handover_failed = {directory->second.handover_failed};
    facts.saved = SavedIn(directory->second);
  } else if (wanted != nullptr && wanted->intent == agent::Intent::kErase) {
    facts.process = model::ProcessState::kErased;
  }
  facts.exit_reason = node.exit_reason;
  facts.problem = node.failure.empty() ? node.blocked.value_or("") : node.failure;
  facts.handover_problem = node.handover_problem;
  facts.handover_us = node.handover_us;
  facts.handed_over = {node.handed_over};
  facts.promised = promises_.Binds(incarnation, reality_.schedule.Boot());
  facts.replication_id = node.last_history;
  facts.replication_offset = node.last_offset;
  const auto found = host_.engines.find(incarnation);
  const Engine* engine = found == host_.engines.end() ? nullptr : &found->second;
  if (node.process == 0 || engine == nullptr) return facts;
  facts.pid = static_cast<std::int64_t>(node.process);
  const bool hung = node.unanswered_since >= 0 && now() - node.unanswered_since >= kHungAfter;
  facts.process = hung         ? model::ProcessState::kHung
                  : !node.info ? model::ProcessState::kStarting
                               : model::ProcessState::kRunning;
  facts.frozen = engine->frozen && now() - engine->stuck_since >= kFrozenAfter;
  if (facts.frozen) facts.problem = "the process is stopped";
  if (!node.info) return facts;
  facts.engine_version = engine->version;
  facts.role = node.info->role == agent::Role::kPrimary ? model::Role::kPrimary : model::Role::kReplica;
  if (facts.role == model::Role::kReplica) {
    facts.link_up = engine->link_up;
    facts.link_down_seconds = engine->link_up ? 0 : static_cast<int>((now() - engine->link_broke) / 1000);
    facts.primary = ToModel(node.info->primary);
    return facts;
  }
  for (const auto& [replica, line] : engine->replicas) {
    facts.replicas.push_back(
        {line.address, line.online ? "online" : "wait_bgsave", kBytesPerWrite * line.acknowledged});
  }
  return facts;
}

void Agent::Publish(bool heartbeat) {
  if (!uplink_.Connected(host_.name())) return;
  NodeReport report = Facts();
  NodeReport news = WithoutMeters(report);
  if (!heartbeat && news == reported_) return;
  reported_ = std::move(news);
  next_heartbeat_ = now() + 1000;
  uplink_.Report(host_.name(), report);
}

}  // namespace cacheplane::sim
