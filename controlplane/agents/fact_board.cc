#include "controlplane/agents/fact_board.h"

#include <fmt/format.h>

#include <utility>

namespace cacheplane::agents {
namespace {

model::NodeFactsMap Merge(const model::NodeFactsMap& before, const AgentReport& report) {
  model::NodeFactsMap nodes;
  if (!report.whole) nodes = before;
  for (const model::NodeFacts& node : report.nodes) nodes.insert_or_assign(node.incarnation, node);
  return nodes;
}

bool SameButTime(const model::RouterFacts& a, const model::RouterFacts& b) {
  return a.data_path == b.data_path && a.map_version == b.map_version && a.problem == b.problem &&
         a.switch_address == b.switch_address && a.connected == b.connected;
}

}  // namespace

FactBoard::FactBoard(const Clock& clock) : clock_(clock), listening_since_(clock.Mono()) {}

void FactBoard::Touch(AgentEntry& entry) const {
  entry.facts.heard = clock_.Mono();
  entry.facts.heard_wall = clock_.Now();
}

void FactBoard::Greet(const model::AgentName& agent, SessionId session) {
  std::scoped_lock lock(mutex_);
  AgentEntry& entry = agents_[agent];
  if (session < entry.session) return;
  entry.session = session;
  entry.facts.connected = false;
  Touch(entry);
}

Result<bool> FactBoard::Report(const model::AgentName& agent, SessionId session, const AgentReport& report) {
  std::scoped_lock lock(mutex_);
  const auto found = agents_.find(agent);
  if (found == agents_.end() || session != found->second.session) return false;
  AgentEntry& entry = found->second;
  const model::NodeFactsMap& before = *entry.facts.nodes;
  model::NodeFactsMap nodes = Merge(before, report);
  if (nodes.size() > kMaxNodesPerAgent) {
    return InvalidArgument(
        fmt::format("agent {} reports {} nodes; at most {} are allowed", agent, nodes.size(), kMaxNodesPerAgent));
  }
  Touch(entry);
  const bool connected = entry.facts.connected || report.whole;
  const bool changed = connected != entry.facts.connected || model::IsNews(before, nodes);
  entry.facts.connected = connected;
  entry.facts.nodes = Shared(std::move(nodes));
  return changed;
}

void FactBoard::Hear(const model::AgentName& agent, SessionId session) {
  std::scoped_lock lock(mutex_);
  const auto found = agents_.find(agent);
  if (found != agents_.end() && session == found->second.session) Touch(found->second);
}

bool FactBoard::Leave(const model::AgentName& agent, SessionId session) {
  std::scoped_lock lock(mutex_);
  const auto found = agents_.find(agent);
  if (found == agents_.end() || session != found->second.session) return false;
  found->second.session = session + 1;  // what the session still had under way comes too late
  return std::exchange(found->second.facts.connected, false);
}

bool FactBoard::ReportRouter(model::RouterFacts facts, SessionId session) {
  std::scoped_lock lock(mutex_);
  RouterEntry& entry = routers_[facts.name];
  if (session < entry.session) return false;
  entry.session = session;
  facts.connected = true;
  facts.heard_wall = clock_.Now();
  const bool changed = !SameButTime(facts, entry.facts);
  entry.facts = std::move(facts);
  return changed;
}

bool FactBoard::LeaveRouter(const std::string& router, SessionId session) {
  std::scoped_lock lock(mutex_);
  const auto found = routers_.find(router);
  if (found == routers_.end() || session != found->second.session) return false;
  found->second.session = session + 1;
  return std::exchange(found->second.facts.connected, false);
}

ports::FactSnapshot FactBoard::Snapshot() const {
  std::scoped_lock lock(mutex_);
  ports::FactSnapshot snapshot;
  snapshot.listening_since = listening_since_;
  for (const auto& [name, entry] : agents_) snapshot.agents.emplace(name, entry.facts);
  for (const auto& [name, entry] : routers_) snapshot.routers.push_back(entry.facts);
  return snapshot;
}

std::vector<model::AgentName> FactBoard::Silent(MonoTime since) const {
  std::scoped_lock lock(mutex_);
  std::vector<model::AgentName> silent;
  for (const auto& [name, entry] : agents_) {
    if (entry.facts.connected && entry.facts.heard < since) silent.push_back(name);
  }
  return silent;
}

std::map<model::AgentName, WallTime> FactBoard::HeardTimes() const {
  std::scoped_lock lock(mutex_);
  std::map<model::AgentName, WallTime> times;
  for (const auto& [name, entry] : agents_) {
    if (entry.facts.connected) times.emplace(name, entry.facts.heard_wall);
  }
  return times;
}

}  // namespace cacheplane::agents
