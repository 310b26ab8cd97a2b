#include "tests/sim/oracle.h"

#include <algorithm>

#include "controlplane/decide/views.h"

namespace cacheplane::sim {

void Oracle::Fail(const std::string& what) {
  if (failure_.empty()) failure_ = "at " + std::to_string(reality_.schedule.millis()) + " ms: " + what;
}

std::optional<std::int64_t> Oracle::LastGood(const std::string& incarnation) const {
  const auto found = last_good_.find(incarnation);
  if (found == last_good_.end()) return std::nullopt;
  return found->second;
}

void Oracle::CheckNow() {
  CheckWritable();
  NoteConfirmed();
}

// Even one that is frozen counts: it acknowledges the next write when it wakes.
void Oracle::CheckWritable() {
  std::map<std::string, const Engine*> writable;
  for (const auto& [name, host] : reality_.hosts) {
    for (const auto& [incarnation, engine] : host.engines) {
      if (IsGood(engine)) last_good_[incarnation] = reality_.schedule.millis();
      if (!reality_.Writable(engine)) continue;
      const Engine*& other = writable[engine.cluster];
      if (other != nullptr) Fail("two writable primaries: " + other->node.str() + " and " + engine.node.str());
      other = &engine;
    }
  }
}

void Oracle::NoteConfirmed() {
  for (auto& [name, shard] : shards_) {
    if (shard.acknowledged.empty() || shard.nodes < 2) continue;
    const Position& latest = shard.acknowledged.back();
    if (shard.confirmed == latest) continue;
    std::set<std::uint64_t> holders;
    for (const auto& [host_name, host] : reality_.hosts) {
      for (const auto& [incarnation, engine] : host.engines) {
        if (engine.cluster != name || !reality_.histories.Contains(engine.data, latest)) continue;
        holders.insert(engine.life);
      }
    }
    if (holders.size() < shard.nodes) continue;
    shard.confirmed = latest;
    shard.confirmed_by = std::move(holders);
  }
}

void Oracle::Opened(const Engine& engine, const Position& before, bool handover) {
  Shard& shard = shards_[engine.cluster];
  if (engine.incarnation != shard.primary_incarnation) {
    reality_.sometimes.insert("somebody was opened who is not the primary any more");
    return;
  }
  CountLost(shard, engine, before, handover);
  if (!shard.restore.empty() && !reality_.histories.Contains(before, reality_.InFile(shard.restore))) {
    Fail(engine.node.str() + " was opened without the data that it was to start with");
  }
  if (shard.chosen == engine.life && !reality_.histories.Contains(before, shard.chosen_data)) {
    Fail(engine.node.str() + " holds less than it was chosen for");
  }
}

void Oracle::CountLost(Shard& shard, const Engine& engine, const Position& before, bool handover) {
  const auto holds = [&](const Position& write) { return reality_.histories.Contains(before, write); };
  std::vector<Position>& all = shard.acknowledged;
  const auto first_lost = std::find_if_not(all.begin(), all.end(), holds);
  if (first_lost == all.end()) return;
  const auto count = static_cast<std::uint64_t>(all.end() - first_lost);
  const std::string what = engine.node.str() + " was opened without " + std::to_string(count) + " acknowledged writes";
  if (handover) Fail("in a handover " + what);
  if (shard.confirmed_by.contains(engine.life) && !holds(shard.confirmed)) {
    Fail(what + ", some of which every replica held");
  }
  if (before.length == 0) {
    for (const auto& [name, host] : reality_.hosts) {
      for (const auto& [incarnation, other] : host.engines) {
        const bool has = other.cluster == engine.cluster && reality_.histories.Contains(other.data, *first_lost);
        if (has && incarnation != engine.incarnation && shard.incarnations.contains(incarnation)) {
          Fail(engine.node.str() + " was opened empty in front of " + other.node.str() + ", which holds data");
        }
      }
    }
  }
  lost += count;
  reality_.schedule.Trace("lost " + std::to_string(count));
  reality_.sometimes.insert("acknowledged writes were lost");
  all.erase(first_lost, all.end());
}

void Oracle::Acknowledged(const Engine& engine) {
  Shard& shard = shards_[engine.cluster];
  ++acknowledged;
  if (engine.opening < shard.last_opening) {
    Fail(engine.node.str() + " acknowledged a write after its successor did");
  }
  shard.last_opening = engine.opening;
  if (!shard.acknowledged.empty() && !reality_.histories.Contains(engine.data, shard.acknowledged.back())) {
    Fail(engine.node.str() + " acknowledges writes without those acknowledged before it");
  }
  shard.acknowledged.push_back(engine.data);
}

void Oracle::CheckPublished(const model::EndpointMap& map) {
  for (const model::Endpoint& endpoint : map.endpoints) {
    if (endpoint.targets.empty()) Fail("an empty endpoint was published");
  }
  if (map.version < newest_map_) Fail("an endpoint map of a lower version was published");
  newest_map_ = map.version;
  const auto [known, added] = maps_.emplace(map.version, map);
  if (!added && known->second != map) Fail("two endpoint maps of one version");
}

void Oracle::CheckCommit(ports::Transaction& tx, const ports::FactSnapshot& facts) {
  for (const model::Cluster& cluster : tx.clusters().List({"", 100})) CheckShard(cluster, tx, facts);
}

void Oracle::CheckShard(const model::Cluster& cluster, ports::Transaction& tx, const ports::FactSnapshot& facts) {
  const std::vector<model::Shard> rows = tx.plan().Shards(cluster.uid);
  if (rows.empty()) return;
  const model::Shard& row = rows.front();
  const std::vector<model::Node> nodes = tx.plan().Nodes(cluster.uid);
  Shard& shard = shards_[cluster.name];
  shard.nodes = nodes.size();
  shard.incarnations.clear();
  for (const model::Node& node : nodes) shard.incarnations.insert(node.incarnation.str());
  const auto primary = std::find_if(nodes.begin(), nodes.end(),
                                    [](const model::Node& node) { return node.role == model::Role::kPrimary; });
  if (primary == nodes.end()) return Fail(cluster.name + " has no planned primary");
  if (row.handover.empty()) CheckLed(cluster, tx, primary->address);
  if (row.epoch < shard.epoch) Fail(cluster.name + ": the epoch fell");
  if (row.attached > row.epoch || row.attached < shard.attached) Fail(cluster.name + ": the attached epoch is wrong");
  const bool changed = !shard.primary.empty() && shard.primary != primary->name;
  if (changed && row.epoch == shard.epoch) Fail(cluster.name + ": another primary in the same epoch");
  const bool permitted = primary->boot.value == row.epoch.value && row.epoch > shard.epoch && shard.epoch.value > 0;
  if (permitted) CheckRestored(shard, nodes, *primary, facts);
  if (permitted && changed) reality_.sometimes.insert("a shard was restored elsewhere");
  const bool promoted = changed && !permitted && row.handover.empty() && shard.handover.empty();
  if (row.epoch > shard.epoch && !changed && shard.epoch.value > 0 && row.handover.empty()) ++detachments;
  if (shard.handover != row.handover && row.handover.empty() && !changed) {
    reality_.sometimes.insert(row.attached == row.epoch ? "a handover was seen to be done"
                                                        : "the control plane released a handover");
  }
  shard.epoch = row.epoch;
  shard.attached = row.attached;
  shard.handover = row.handover;
  shard.primary = primary->name;
  shard.primary_incarnation = primary->incarnation.str();
  shard.restore = primary->boot.value == row.epoch.value ? primary->restore : "";
  if (!promoted) return;
  ++promotions;
  reality_.sometimes.insert(row.proven ? "a replica was promoted" : "a replica was promoted without proof");
  if (!cluster.operation.empty()) reality_.sometimes.insert("a promotion while an operation ran");
  CheckChoice(shard, nodes, row, facts);
}

void Oracle::CheckLed(const model::Cluster& cluster, ports::Transaction& tx, const model::Address& primary) {
  for (const model::Endpoint& endpoint : tx.plan().Endpoints(cluster.uid)) {
    const bool published = endpoint.kind == model::EndpointKind::kPrimary && !endpoint.targets.empty();
    if (published && endpoint.targets != std::vector{primary})
      Fail(cluster.name + ": clients wait for a further commit");
  }
}

// How many of the acknowledged writes that are not lost yet are in these data.
std::ptrdiff_t Oracle::Held(const Shard& shard, const Position& data) const {
  const auto first_missing =
      std::find_if_not(shard.acknowledged.begin(), shard.acknowledged.end(),
                       [&](const Position& write) { return reality_.histories.Contains(data, write); });
  return first_missing - shard.acknowledged.begin();
}

// Offsets of two histories say nothing about each other: there the later file is the better one, as far as anybody can
// tell.
void Oracle::CheckRestored(const Shard& shard, const std::vector<model::Node>& nodes, const model::Node& primary,
                           const ports::FactSnapshot& facts) {
  const Position chosen = primary.restore.empty() ? Position{} : reality_.InFile(primary.restore);
  if (!primary.restore.empty()) reality_.sometimes.insert("a shard was restored");
  if (!primary.restore.empty() && nodes.size() == 1) reality_.sometimes.insert("a lone node was restored");
  for (const model::Node& node : nodes) {
    const auto agent = facts.agents.find(node.agent);
    if (agent == facts.agents.end() || !agent->second.connected) continue;
    // Given up, though its session has not ended yet.
    if (reality_.schedule.Mono() - agent->second.heard > kRestoreAfter) continue;
    const auto said = agent->second.nodes->find(node.incarnation);
    if (said == agent->second.nodes->end() || !said->second.saved) continue;
    const model::SavedData& saved = *said->second.saved;
    const Position& data = reality_.InFile(saved.id);
    const bool spent = node.restore == saved.id && node.restores >= decide::Policy().restore_attempts;
    if (spent || Held(shard, data) <= Held(shard, chosen)) continue;
    const bool further = data.branch == chosen.branch && data.length > chosen.length;
    const bool later = data.branch != chosen.branch &&
                       (primary.restore.empty() || ToUnixMillis(saved.as_of) > reality_.TimeOfFile(primary.restore));
    if (further || later) Fail(primary.name.str() + " starts with less than " + node.name.str() + " had saved");
  }
}

// Nobody whom the control plane could have asked held more of the same history.
void Oracle::CheckChoice(Shard& shard, const std::vector<model::Node>& nodes, const model::Shard& row,
                         const ports::FactSnapshot& facts) {
  const auto process_of = [&](const model::Node& node) -> const Engine* {
    const auto agent = facts.agents.find(node.agent);
    if (agent == facts.agents.end() || !agent->second.connected) return nullptr;
    if (reality_.schedule.Mono() - agent->second.heard > std::chrono::milliseconds(900)) return nullptr;
    const auto said = agent->second.nodes->find(node.incarnation);
    const bool runs = said != agent->second.nodes->end() && said->second.process == model::ProcessState::kRunning &&
                      !said->second.frozen && said->second.problem.empty();
    return runs ? reality_.FindEngine(node.agent.str(), node.incarnation.str(), said->second.starts) : nullptr;
  };
  const auto chosen = std::find_if(nodes.begin(), nodes.end(),
                                   [](const model::Node& node) { return node.role == model::Role::kPrimary; });
  shard.chosen = 0;
  const Engine* candidate = process_of(*chosen);
  if (candidate == nullptr) return;
  if (candidate->start != chosen->chosen_start) return Fail("another process was chosen than was judged");
  shard.chosen = candidate->life;
  shard.chosen_data = candidate->data;
  for (const model::Node& node : nodes) {
    const Engine* other = node.name == row.former || node.name == chosen->name ? nullptr : process_of(node);
    if (other == nullptr || other->open) continue;
    if (other->data.branch == candidate->data.branch && other->data.length > candidate->data.length) {
      Fail(candidate->node.str() + " was chosen, and " + other->node.str() + " holds more");
    }
  }
}

}  // namespace cacheplane::sim
