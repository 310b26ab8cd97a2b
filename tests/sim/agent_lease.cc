// Leases as nodeagent/lease/lease_keeper.cc keeps them, on the production ledgers.
#include <algorithm>

#include "tests/sim/agent.h"

namespace cacheplane::sim {
namespace {

// The kernel's table is changed a little after the time that was left was computed, and its timer is not exact.
constexpr std::int64_t kFenceLateness = 40;

}  // namespace

std::string Agent::WhyNotOpen(const agent::Assignment& assignment) {
  const model::Address address = ToModel(assignment.listen);
  if (!assignment.leased) {
    host_.fence.erase(address);
    return "";
  }
  const BootTime time = reality_.schedule.Boot();
  if (!assignment.proven && time < promises_.ShutUntil(assignment.incarnation)) {
    reality_.sometimes.insert("a promise kept a node closed");
    return "promised not to be opened yet";
  }
  if (host_.offer.fence == "none") return "";
  const BootTime end = leases_.EndOf({assignment.incarnation, assignment.epoch});
  if (end < time + agent::kWorthOpening) {
    AskForLeases();
    return "it has no lease yet";
  }
  Guard(address, end);
  return "";
}

bool Agent::MayOpen(const std::string& incarnation, NodeMemory& node) {
  const std::string why_not = WhyNotOpen(*AssignmentOf(incarnation));
  if (why_not.empty()) return node.may_be_open = true;
  Fail(node, why_not, 20);
  return false;
}

void Agent::Closed(const std::string& incarnation) {
  leases_.Forget(incarnation);
  DropGuards();
}

void Agent::Take(const agent::LeaseGrant& grant) {
  connect_pause_ = 50;
  leases_.Take(grant);
  Renew(false);
}

void Agent::AskForLeases() {
  if (!ask_due_ || !uplink_.Connected(host_.name())) return;
  ask_due_ = false;
  uplink_.Ask(host_.name(), leases_.Ask(reality_.schedule.Boot()));
}

void Agent::LeaseTick() {
  Later(agent::kAskEvery.count(), [this] { LeaseTick(); });
  ask_due_ = true;
  AskForLeases();
  Renew(true);
  AskPeers();
  DropGuards();
}

std::vector<Agent::OpenPrimary> Agent::Primaries() {
  std::vector<OpenPrimary> open;
  for (const auto& [incarnation, node] : nodes_) {
    const agent::Assignment* wanted = AssignmentOf(incarnation);
    if (node.process == 0 || wanted == nullptr) continue;
    const bool runs = wanted->intent == agent::Intent::kRun;
    const bool assigned = runs && wanted->role == agent::Role::kPrimary;
    const bool found_open = node.info && node.info->role == agent::Role::kPrimary;
    if (!assigned && !found_open) continue;
    const std::uint64_t saved = host_.disk[incarnation].epoch;
    const bool hands_over = runs && wanted->hand_over && wanted->epoch >= saved;
    const bool deposed = runs && wanted->role == agent::Role::kReplica;
    open.push_back({.node = {incarnation, assigned || hands_over ? wanted->epoch : saved},
                    .listen = ToModel(wanted->listen),
                    .leased = deposed ? !wanted->peers.empty() : wanted->leased,
                    .alone = assigned && !wanted->leased,
                    .unproven = assigned && !wanted->proven,
                    .peers = wanted->peers});
  }
  return open;
}

bool Agent::MayBeOpenAt(const model::Address& address) {
  for (const auto& [incarnation, node] : nodes_) {
    const Engine* engine = EngineOf(incarnation);
    if (engine == nullptr || engine->address != address) continue;
    return node.may_be_open || !node.info || node.info->role != agent::Role::kReplica;
  }
  return false;
}

void Agent::Guard(const model::Address& address, BootTime end) {
  if (host_.offer.fence == "none") return;
  const BootTime time = reality_.schedule.Boot();
  const std::int64_t left = std::max<std::int64_t>((end - time).count(), 0);
  host_.fence[address] = left == 0 ? now() : now() + left + reality_.schedule.Between(0, kFenceLateness);
  leased_until_[address] = end;
}

void Agent::Renew(bool without_lease) {
  const BootTime time = reality_.schedule.Boot();
  for (const OpenPrimary& primary : Primaries()) {
    const bool guarded = host_.fence.contains(primary.listen);
    if (primary.alone) {
      host_.fence.erase(primary.listen);
      leased_until_.erase(primary.listen);
    }
    if (!primary.leased || (!guarded && !MayBeOpenAt(primary.listen))) continue;
    const BootTime end = leases_.EndOf(primary.node);
    const bool shut = primary.unproven && time < promises_.ShutUntil(primary.node.incarnation);
    const bool longer = !shut && end > time && end > leased_until_[primary.listen];
    if (!longer && (guarded || !without_lease)) continue;
    if (guarded && longer && host_.fence[primary.listen] <= now() && leased_until_[primary.listen] > BootTime()) {
      reality_.sometimes.insert("a lease was renewed after it had ended");
    }
    Guard(primary.listen, longer ? end : BootTime());
  }
}

void Agent::AskPeers() {
  const BootTime time = reality_.schedule.Boot();
  if (leases_.LastGranted() + agent::kGrantMissed > time) return;
  for (const OpenPrimary& primary : Primaries()) {
    if (!primary.leased || primary.peers.empty()) continue;
    std::vector<std::string> incarnations;
    for (const agent::Peer& peer : primary.peers) incarnations.push_back(peer.incarnation);
    const bool lapsed = leases_.EndOf(primary.node) <= time;
    const std::uint64_t round = leases_.AskPeers(primary.node, incarnations, time);
    for (const agent::Peer& peer : primary.peers) {
      const std::string asker = host_.name();
      const auto lost = [&network = reality_.network](const std::string& from, const std::string& to) {
        return !network.Passes(from, to);
      };
      // A datagram there and one back.
      reality_.schedule.After(
          reality_.MessageTime(), [&reality = reality_, lost, asker, peer, round, lapsed, epoch = primary.node.epoch] {
            const auto other = reality.hosts.find(peer.agent_address);
            if (other == reality.hosts.end() || lost(asker, peer.agent_address)) return;
            const auto answer = [&reality, lost, asker, peer, round, lapsed, epoch, &host = other->second] {
              if (!host.agent || !host.agent->AskedToPromise(peer.incarnation, epoch, lapsed)) return;
              reality.schedule.After(reality.MessageTime(), [&reality, lost, asker, peer, round] {
                Host& back = reality.HostOf(asker);
                if (lost(peer.agent_address, asker) || !back.agent) return;
                if (back.agent_frozen)
                  return back.deferred.push_back([&back, round, peer] {
                    if (back.agent) back.agent->Promised(round, peer.incarnation);
                  });
                back.agent->Promised(round, peer.incarnation);
              });
            };
            other->second.agent_frozen ? other->second.deferred.push_back(answer) : answer();
          });
    }
  }
}

bool Agent::AskedToPromise(const std::string& incarnation, std::uint64_t askers_epoch, bool lapsed) {
  if (lapsed && leases_.LastGranted() + agent::kPromiseDuration > reality_.schedule.Boot()) {
    reality_.sometimes.insert("nothing was promised to one without a lease");
    return false;
  }
  const agent::Assignment* wanted = AssignmentOf(incarnation);
  const auto epoch = wanted == nullptr ? std::nullopt : agent::PromisingEpoch(*wanted);
  return epoch && promises_.Promise(incarnation, *epoch, askers_epoch, reality_.schedule.Boot());
}

void Agent::Promised(std::uint64_t round, const std::string& peer) {
  if (!leases_.Promised(round, peer)) return;
  reality_.sometimes.insert("a lease rested on promises");
  Renew(false);
}

void Agent::DropGuards() {
  for (auto guarded = host_.fence.begin(); guarded != host_.fence.end();) {
    if (MayBeOpenAt(guarded->first)) {
      ++guarded;
      continue;
    }
    leased_until_.erase(guarded->first);
    guarded = host_.fence.erase(guarded);
  }
}

}  // namespace cacheplane::sim
