#include "tests/bench/aws/engines.h"

#include <functional>
#include <utility>

namespace cacheplane::bench {
namespace {

using agent::v1::Assignment;
using agent::v1::Facts;
using agent::v1::NodeFact;

constexpr std::int64_t kMemoryOfAnEmptyEngine = 1'600'000;
constexpr std::int64_t kFirstOffset = 1000;
constexpr std::int64_t kBytesOfAPing = 14;

std::string AddressOf(const std::string& ip, int port) { return ip + ":" + std::to_string(port); }

// An engine that does at once as it is told.
NodeFact FactOf(const Assignment& assignment, NodeFact fact) {
  fact.set_node(assignment.node());
  fact.set_incarnation(assignment.incarnation());
  fact.set_epoch(assignment.epoch());
  fact.set_diverged_bytes(-1);
  if (assignment.intent() != agent::v1::INTENT_RUN) {
    const bool erased = assignment.intent() == agent::v1::INTENT_ERASE;
    fact.set_process(erased ? agent::v1::PROCESS_STATE_ERASED : agent::v1::PROCESS_STATE_STOPPED);
    fact.set_pid(0);
    if (!erased) fact.set_clean_stop_epoch(assignment.epoch());
    return fact;
  }
  if (fact.process() != agent::v1::PROCESS_STATE_RUNNING) fact.set_starts(fact.starts() + 1);
  fact.set_process(agent::v1::PROCESS_STATE_RUNNING);
  fact.set_pid(static_cast<std::int64_t>(1'000'000 + std::hash<std::string>{}(assignment.incarnation()) % 1'000'000));
  fact.set_boot(assignment.boot());
  fact.set_renewal(assignment.renewal());
  fact.set_role(assignment.role());
  fact.set_engine_version(assignment.engine_version());
  fact.set_replication_id("0123456789abcdef0123456789abcdef01234567");
  if (fact.replication_offset() == 0) fact.set_replication_offset(kFirstOffset);
  fact.set_used_memory_bytes(kMemoryOfAnEmptyEngine);
  const bool follows = assignment.role() == "replica" && !assignment.primary_address().empty();
  fact.set_link_up(follows);
  fact.set_primary(follows ? AddressOf(assignment.primary_address(), assignment.primary_port()) : "");
  return fact;
}

}  // namespace

std::set<std::string> Engines::Carry(const std::string& agent, const agent::v1::AssignmentSet& set) {
  const std::scoped_lock lock(mutex_);
  std::set<std::string> others;
  Host& host = hosts_[agent];
  if (set.base_revision() == 0) {
    std::set<std::string> gone;
    for (const auto& [incarnation, fact] : host.nodes) gone.insert(incarnation);
    for (const Assignment& assignment : set.assignments()) gone.erase(assignment.incarnation());
    for (const std::string& incarnation : gone) Forget(agent, incarnation, others);
  }
  for (const Assignment& assignment : set.assignments()) Carry(agent, assignment, others);
  for (const std::string& incarnation : set.removed_incarnations()) Forget(agent, incarnation, others);
  host.revision = set.revision();
  others.erase(agent);
  return others;
}

void Engines::Carry(const std::string& agent, const Assignment& assignment, std::set<std::string>& others) {
  Host& host = hosts_[agent];
  const std::string& incarnation = assignment.incarnation();
  const std::string address = AddressOf(assignment.address(), assignment.port());
  host.nodes[incarnation] = FactOf(assignment, host.nodes[incarnation]);
  host.changed.insert(incarnation);
  at_[address] = {agent, incarnation};
  address_of_[incarnation] = address;
  Follow(assignment, others);
}

void Engines::Forget(const std::string& agent, const std::string& incarnation, std::set<std::string>& others) {
  Assignment nobody;
  nobody.set_incarnation(incarnation);
  Follow(nobody, others);
  hosts_[agent].nodes.erase(incarnation);
  hosts_[agent].changed.erase(incarnation);
  const auto address = address_of_.find(incarnation);
  if (address == address_of_.end()) return;
  const auto there = at_.find(address->second);
  if (there != at_.end() && there->second.second == incarnation) at_.erase(there);
  address_of_.erase(address);
}

// Leaves whom it followed, for whom it is to follow.
void Engines::Follow(const Assignment& assignment, std::set<std::string>& others) {
  const auto own = address_of_.find(assignment.incarnation());
  if (own == address_of_.end()) return;
  const bool runs = assignment.intent() == agent::v1::INTENT_RUN && assignment.role() == "replica";
  const std::string primary = runs && !assignment.primary_address().empty()
                                  ? AddressOf(assignment.primary_address(), assignment.primary_port())
                                  : "";
  const std::string former = std::exchange(follows_[own->second], primary);
  if (former != primary && !former.empty()) {
    replicas_of_[former].erase(own->second);
    NoteChange(former, others);
  }
  if (primary.empty() || !replicas_of_[primary].insert(own->second).second) return;
  NoteChange(primary, others);
}

void Engines::NoteChange(const std::string& primary_address, std::set<std::string>& others) {
  const auto there = at_.find(primary_address);
  if (there == at_.end()) return;
  const auto& [agent, incarnation] = there->second;
  hosts_[agent].changed.insert(incarnation);
  others.insert(agent);
}

NodeFact Engines::Told(const NodeFact& fact) const {
  NodeFact told = fact;
  const auto own = address_of_.find(fact.incarnation());
  if (fact.role() != "primary" || own == address_of_.end()) return told;
  const auto replicas = replicas_of_.find(own->second);
  if (replicas == replicas_of_.end()) return told;
  for (const std::string& address : replicas->second) {
    agent::v1::ReplicaFact* replica = told.add_replicas();
    replica->set_address(address);
    replica->set_state("online");
    replica->set_acknowledged_offset(fact.replication_offset());
  }
  return told;
}

Facts Engines::HeaderOf(const Host& host) {
  Facts facts;
  facts.set_revision(host.revision);
  return facts;
}

Facts Engines::Whole(const std::string& agent) {
  const std::scoped_lock lock(mutex_);
  Host& host = hosts_[agent];
  host.changed.clear();
  Facts facts = HeaderOf(host);
  facts.set_whole(true);
  for (const auto& [incarnation, fact] : host.nodes) *facts.add_nodes() = Told(fact);
  return facts;
}

Facts Engines::Changed(const std::string& agent) {
  const std::scoped_lock lock(mutex_);
  Host& host = hosts_[agent];
  Facts facts = HeaderOf(host);
  for (const std::string& incarnation : std::exchange(host.changed, {})) {
    *facts.add_nodes() = Told(host.nodes[incarnation]);
  }
  return facts;
}

void Engines::Tick(std::uint64_t turn, std::uint64_t parts) {
  const std::scoped_lock lock(mutex_);
  for (auto& [agent, host] : hosts_) {
    for (auto& [incarnation, fact] : host.nodes) {
      // By shard, whose nodes go on together.
      const std::string shard = fact.node().substr(0, fact.node().rfind('-'));
      if (std::hash<std::string>{}(shard) % parts != turn % parts) continue;
      fact.set_replication_offset(fact.replication_offset() + kBytesOfAPing);
    }
  }
}

}  // namespace cacheplane::bench
