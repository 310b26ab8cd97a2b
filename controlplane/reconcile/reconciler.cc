#include "controlplane/reconcile/reconciler.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/log.h"
#include "controlplane/decide/assignments.h"
#include "controlplane/decide/cluster.h"
#include "controlplane/decide/endpoints.h"
#include "controlplane/decide/progress.h"
#include "controlplane/decide/replacement.h"
#include "controlplane/reconcile/assignment_set.h"
#include "controlplane/reconcile/load.h"

namespace cacheplane::reconcile {
namespace {

// Messages are whole sets: while many clusters change at once, as when a zone is lost, they are sent no more often.
constexpr std::chrono::milliseconds kSendEvery{20};

bool IsErased(const model::AgentFacts& facts, const model::Incarnation& incarnation) {
  const auto node = facts.nodes->find(incarnation);
  return node != facts.nodes->end() && node->second.process == model::ProcessState::kErased;
}

std::vector<std::string> SwitchAddresses(const ports::FactSnapshot& facts) {
  std::vector<std::string> addresses;
  for (const model::RouterFacts& router : facts.routers) {
    if (router.connected && !router.switch_address.empty()) addresses.push_back(router.switch_address);
  }
  return addresses;
}

}  // namespace

Reconciler::Reconciler(Ports ports, decide::Policy policy)
    : ports_(ports),
      policy_(policy),
      last_run_(ports.clock.Mono()),
      last_alive_(last_run_),
      unbroken_since_(last_run_) {}

std::optional<MonoTime> Reconciler::Run() {
  const MonoTime now = ports_.clock.Mono();
  NoteBreak(now - std::exchange(last_run_, now) > policy_.agent_grace, now);
  ExpandMarks();
  SendUnsent();
  while (!clusters_.empty()) {
    const std::set<model::ClusterUid> marked = std::exchange(clusters_, {});
    for (const model::ClusterUid& uid : marked) Pass(uid);
    SendUnsent();
  }
  const auto soonest = std::min_element(rechecks_.begin(), rechecks_.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  if (soonest == rechecks_.end()) return std::nullopt;
  return soonest->second;
}

void Reconciler::ExpandMarks() {
  const MonoTime now = ports_.clock.Mono();
  for (const auto& [uid, when] : rechecks_) {
    if (when <= now) clusters_.insert(uid);
  }
  if (std::exchange(routers_, false)) clusters_.insert(unsettled_.begin(), unsettled_.end());
  if (!agents_.empty()) clusters_.insert(unplaced_.begin(), unplaced_.end());
  const bool all = std::exchange(all_, false);
  ports_.store.Read([&](ports::Transaction& tx) {
    if (all) {
      for (const model::ClusterUid& uid : tx.clusters().Uids()) clusters_.insert(uid);
      for (const model::Host& host : tx.hosts().Hosts()) agents_.insert(host.agent);
      std::set<model::Incarnation> planned;
      for (const model::Node& node : tx.plan().AllNodes()) planned.insert(node.incarnation);
      ports_.leases.Keep(planned);
    }
    for (const model::AgentName& agent : agents_) {
      for (const model::Node& node : tx.plan().NodesOn(agent)) clusters_.insert(node.cluster);
    }
    for (const model::ClusterUid& uid : std::exchange(reassigned_, {})) {
      for (const model::Node& node : tx.plan().Nodes(uid)) unsent_.insert(node.agent);
    }
  });
  for (const model::AgentName& agent : std::exchange(agents_, {})) {
    ForgetErased(agent);
    if (all || !assigned_.contains(agent)) SendAssignments(agent);
  }
  if (all) SendEndpointMap();
}

MonoTime Reconciler::NoteAlive() {
  const MonoTime now = ports_.clock.Mono();
  if (now - std::exchange(last_alive_, now) > policy_.own_pause) {
    log::Warn("this process was held up: agents are given time to be heard again");
    listening_since_ = now;
  }
  return now;
}

ports::FactSnapshot Reconciler::Facts() const {
  ports::FactSnapshot facts = ports_.facts.Snapshot();
  facts.listening_since = std::max(facts.listening_since, listening_since_);
  return facts;
}

// After one it takes a while before hosts that are heard again can be told from hosts that are lost.
void Reconciler::NoteBreak(bool cut_off, MonoTime now) {
  if (cut_off) unbroken_since_ = now;
}

std::optional<decide::ClusterView> Reconciler::Look(ports::Transaction& tx, const ports::FactSnapshot& facts,
                                                    const model::ClusterUid& uid, Instant now) const {
  auto view = LoadView(tx, facts, ports_.leases, uid, now, policy_);
  if (view) view->unbroken = now.mono - unbroken_since_;
  return view;
}

// What the agent has erased of the incarnations that were abandoned on it need not be remembered.
void Reconciler::ForgetErased(const model::AgentName& agent) {
  std::vector<model::Abandoned> abandoned;
  ports_.store.Read([&](ports::Transaction& tx) { abandoned = tx.plan().AbandonedOn(agent); });
  if (abandoned.empty()) return;
  const ports::FactSnapshot facts = ports_.facts.Snapshot();
  const auto heard = facts.agents.find(agent);
  std::erase_if(abandoned, [&](const model::Abandoned& row) {
    return heard == facts.agents.end() || !IsErased(heard->second, row.incarnation);
  });
  if (abandoned.empty()) return;
  const Status status = ports_.store.Write([&](ports::Transaction& tx) -> Status {
    for (const model::Abandoned& row : abandoned) tx.plan().RemoveAbandoned(row.incarnation);
    return {};
  });
  static_cast<void>(status);  // removing rows violates no constraint
  SendAssignments(agent);
}

// Decides on a snapshot first: most passes find nothing to write, and readers do not hold up writers.
void Reconciler::Pass(const model::ClusterUid& uid) {
  ++passes_;
  // Before the facts: were this held up in between, they would be old by the time they are judged.
  const Instant now{NoteAlive(), ports_.clock.Now()};
  const ports::FactSnapshot facts = Facts();
  std::optional<decide::ClusterView> view;
  ports_.store.Read([&](ports::Transaction& tx) { view = Look(tx, facts, uid, now); });
  if (!view) {
    rechecks_.erase(uid);
    unplaced_.erase(uid);
    unsettled_.erase(uid);
    return;
  }
  NoteBreak(decide::MostHostsAreSilent(*view), now.mono);
  const decide::Step step = decide::DecideCluster(*view, policy_);
  Settle(uid, *view, step, now.mono);
  if (NeedsWrite(*view, step)) ExecutePass(uid, facts, now);
}

bool Reconciler::NeedsWrite(const decide::ClusterView& view, const decide::Step& step) const {
  if (std::holds_alternative<decide::Converged>(step)) return false;
  const auto* waiting = std::get_if<decide::Waiting>(&step);
  const auto* blocked = std::get_if<decide::Blocked>(&step);
  if (waiting == nullptr && blocked == nullptr) return true;
  const std::string& reason = waiting != nullptr ? waiting->reason : blocked->reason;
  const bool shows_reason = view.cluster.status != model::ClusterStatus::kAvailable;
  if (shows_reason && view.cluster.status_reason != reason) return true;
  return view.operation && view.operation->status == model::OperationStatus::kRunning &&
         decide::DescribeProgress(view, step, policy_) != view.operation->progress;
}

// Before the commit, so that no renewal can come between it and the message that takes the role away.
bool Reconciler::CloseLease(const decide::Step& step, const decide::ClusterView& view) {
  return ports_.leases.Close(*decide::UnprovenIn(step), view.shard->epoch);
}

void Reconciler::MarkSilent() {
  const MonoTime since = ports_.clock.Mono() - policy_.agent_silence;
  std::vector<model::AgentName> silent;
  // Else nobody can be judged yet: who is silent then is marked when it counts.
  if (since >= listening_since_) silent = ports_.facts.Silent(since);
  const std::set<model::AgentName> before = std::exchange(silent_, {silent.begin(), silent.end()});
  // One that is heard again may have nothing to tell that is news.
  std::set_symmetric_difference(before.begin(), before.end(), silent_.begin(), silent_.end(),
                                std::inserter(agents_, agents_.end()));
}

// Decides again inside the write transaction, on rows that nobody can change meanwhile.
void Reconciler::ExecutePass(const model::ClusterUid& uid, const ports::FactSnapshot& facts, Instant now) {
  std::optional<decide::ClusterView> view;
  std::optional<decide::Step> unproven;
  Outcome outcome;
  const Status status = ports_.store.Write([&](ports::Transaction& tx) -> Status {
    view = Look(tx, facts, uid, now);
    if (!view) return {};
    const decide::Step step = decide::DecideCluster(*view, policy_);
    if (decide::UnprovenIn(step)) {
      if (!CloseLease(step, *view)) return Unavailable("a lease was renewed meanwhile");
      unproven = step;
    }
    // Its lease may rest on the promises of those it had before.
    if (std::holds_alternative<decide::AttachReplicas>(step)) {
      ports_.leases.Assume(decide::PrimaryOf(*view)->planned.incarnation);
    }
    CP_ASSIGN_OR_RETURN(
        outcome, Executor(tx, *view, policy_, ports_.identifiers, ports_.queue, ports_.clock.Now()).Execute(step));
    if (outcome.changed) log::Info("{}: {}", view->cluster.name, decide::Describe(step));
    if (!outcome.primary) return {};
    return PublishAtOnce(tx, *Look(tx, facts, uid, now), outcome);
  });
  if (!status.ok()) {
    log::Warn("{}: step not stored, deciding again: {}", uid, status.error().message);
    if (unproven) ports_.leases.Reopen(*decide::UnprovenIn(*unproven), view->shard->epoch);
    rechecks_[uid] = now.mono + policy_.recheck;
    return;
  }
  if (view) AfterCommit(*view, outcome);
}

// Clients wait for it: a commit of its own would be a part of what a dead primary costs them. By the end of the
// transaction the endpoint leads to the planned primary, unless that one waits for a handover.
Status Reconciler::PublishAtOnce(ports::Transaction& tx, const decide::ClusterView& view, Outcome& outcome) {
  const auto step = decide::DecideEndpoints(view, policy_);
  if (!step) return {};
  Executor executor(tx, view, policy_, ports_.identifiers, ports_.queue, ports_.clock.Now());
  CP_ASSIGN_OR_RETURN(const Outcome published, executor.Execute(*step));
  log::Info("{}: {}", view.cluster.name, decide::Describe(*step));
  outcome.endpoints = outcome.endpoints || published.endpoints;
  outcome.journaled = outcome.journaled || published.journaled;
  return {};
}

void Reconciler::AfterCommit(const decide::ClusterView& before, const Outcome& outcome) {
  map_unsent_ = map_unsent_ || outcome.endpoints;
  if (outcome.changed) {
    clusters_.insert(before.cluster.uid);
    for (const decide::NodeView& node : before.nodes) unsent_.insert(node.planned.agent);
    ports_.store.Read([&](ports::Transaction& tx) {
      for (const model::Node& node : tx.plan().Nodes(before.cluster.uid)) unsent_.insert(node.agent);
    });
  }
  if (ports_.clock.Mono() - sent_at_ >= kSendEvery) SendUnsent();
  if (outcome.journaled) ports_.journal.JournalGrew();
}

void Reconciler::SendUnsent() {
  if (!map_unsent_ && unsent_.empty()) return;
  // First: this is what clients wait for.
  if (std::exchange(map_unsent_, false)) SendEndpointMap();
  for (const model::AgentName& agent : std::exchange(unsent_, {})) SendAssignments(agent);
  sent_at_ = ports_.clock.Mono();
}

// Remembers what the cluster waits for.
void Reconciler::Settle(const model::ClusterUid& uid, const decide::ClusterView& view, const decide::Step& step,
                        MonoTime now) {
  rechecks_.erase(uid);
  if (const auto* waiting = std::get_if<decide::Waiting>(&step)) rechecks_[uid] = now + waiting->recheck;
  const auto remember = [&](std::set<model::ClusterUid>& set, bool member) {
    member ? void(set.insert(uid)) : void(set.erase(uid));
  };
  remember(unplaced_, view.nodes.empty());
  const bool cuts = std::any_of(view.nodes.begin(), view.nodes.end(), [](const decide::NodeView& node) {
    return node.planned.stepped_down > node.planned.cut;
  });
  const bool available = view.cluster.status == model::ClusterStatus::kAvailable;
  remember(unsettled_, !available || !view.cluster.operation.empty() || cuts);
}

void Reconciler::SendAssignments(const model::AgentName& agent) {
  std::vector<model::Assignment> assignments;
  ports_.store.Read([&](ports::Transaction& tx) {
    assignments = LoadAssignments(tx, agent, ports_.secrets, SwitchAddresses(ports_.facts.Snapshot()));
  });
  ports_.dispatcher.Assign(agent, assignments);
  assigned_.insert(agent);
}

void Reconciler::SendEndpointMap() {
  model::EndpointMap map;
  ports_.store.Read([&](ports::Transaction& tx) {
    map = decide::MakeEndpointMap(tx.plan().EndpointMapVersion(), tx.plan().AllEndpoints());
  });
  ports_.dispatcher.Publish(map);
}

}  // namespace cacheplane::reconcile
