#include "tests/sim/agent.h"

#include "nodeagent/decide/decide_node.h"

namespace cacheplane::sim {
namespace {

constexpr std::int64_t kHeartbeat = 1000;
constexpr std::int64_t kLongestPause = 1000;

}  // namespace

Agent::Agent(Reality& reality, Host& host, Uplink& uplink)
    : reality_(reality), host_(host), uplink_(uplink), promises_(reality.schedule.Boot()) {}

void Agent::Start() {
  for (const auto& [incarnation, directory] : host_.disk) {
    NodeMemory& node = nodes_[incarnation];
    const Engine* engine = EngineOf(incarnation);
    if (engine != nullptr) node.process = engine->start;
    if (!directory.process_noted || engine != nullptr) continue;
    node.exit_reason = "ended while no agent was watching";
    host_.disk[incarnation].process_noted = false;
  }
  LeaseTick();
  Tick();
}

void Agent::Later(std::int64_t delay, std::function<void()> function) {
  reality_.schedule.After(delay, [this, alive = std::weak_ptr(alive_), &host = host_, function = std::move(function)] {
    if (!Lives(alive)) return;
    if (!host.agent_frozen) return function();
    host.deferred.push_back([alive, function] {
      if (Lives(alive)) function();
    });
  });
}

Engine* Agent::EngineOf(const std::string& incarnation) {
  const auto found = host_.engines.find(incarnation);
  return found == host_.engines.end() ? nullptr : &found->second;
}

const agent::Assignment* Agent::AssignmentOf(const std::string& incarnation) const {
  const auto found = host_.assignments.find(incarnation);
  return found == host_.assignments.end() ? nullptr : &found->second;
}

void Agent::Take(const std::vector<model::Assignment>& assignments) {
  connect_pause_ = 50;
  auto before = std::exchange(host_.assignments, {});
  for (const model::Assignment& assignment : assignments) {
    host_.assignments[assignment.incarnation.str()] = ToAgent(assignment);
  }
  for (const auto& [incarnation, now_wanted] : host_.assignments) {
    const auto old = before.find(incarnation);
    if (old != before.end() && old->second == now_wanted) continue;
    NodeMemory& node = nodes_[incarnation];
    const bool same_handover = old != before.end() && now_wanted.hand_over && now_wanted.epoch == old->second.epoch &&
                               now_wanted.primary == old->second.primary;
    if (node.handover && !same_handover) node.handover->called_off = true;
    node.failure.clear();
    node.pause_until = 0;
    Look(incarnation);
  }
  // The set is on disk only once it was begun with.
  if (!*alive_) host_.assignments = std::move(before);
  Publish(false);
}

// News wakes the supervisor at once, so that it is seldom more than a few milliseconds late.
void Agent::Tick() {
  std::set<std::string> all;
  for (const auto& [incarnation, directory] : host_.disk) all.insert(incarnation);
  for (const auto& [incarnation, assignment] : host_.assignments) all.insert(incarnation);
  for (const std::string& incarnation : all) Look(incarnation);
  if (!uplink_.Connected(host_.name())) ConnectLater();
  Publish(now() >= next_heartbeat_);
  Later(reality_.schedule.Between(2, 40), [this] { Tick(); });
}

void Agent::ConnectLater() {
  if (std::exchange(connecting_, true)) return;
  const std::int64_t pause = connect_pause_ / 2 + reality_.schedule.Between(0, connect_pause_ / 2);
  connect_pause_ = std::min(connect_pause_ * 2, kLongestPause);
  Later(pause, [this] {
    connecting_ = false;
    if (uplink_.Connected(host_.name()) || !uplink_.Connect(host_.name())) return;
    AskForLeases();
    Publish(true);
  });
}

void Agent::Look(const std::string& incarnation) {
  if (!*alive_) return;
  NodeMemory& node = nodes_[incarnation];
  NoteProcess(incarnation, node);
  if (Engine* engine = EngineOf(incarnation)) Probe(*engine, node);
  NoteOpenness(incarnation, node);
  Reconcile(incarnation, node);
}

void Agent::NoteProcess(const std::string& incarnation, NodeMemory& node) {
  const Engine* engine = EngineOf(incarnation);
  if (node.process != 0 && (engine == nullptr || engine->start != node.process)) OnGone(incarnation, node);
  if (engine != nullptr) node.process = engine->start;
}

void Agent::OnGone(const std::string& incarnation, NodeMemory& node) {
  if (node.exit_reason.empty() || node.exit_reason == "ended while no agent was watching") {
    node.exit_reason = "signal 9";
  }
  node.process = 0;
  node.quick_ends = now() - node.started >= 10'000 ? 0 : node.quick_ends + 1;
  node.last_end = reality_.schedule.Mono();
  node.info.reset();
  node.unanswered_since = -1;
  node.command = 0;
  node.handover.reset();
  node.accepting_epoch = 0;
  node.synced = false;
  node.donor_idle_since.reset();
  node.timeout.reset();
  node.failure.clear();
  host_.disk[incarnation].process_noted = false;
}

void Agent::Probe(const Engine& engine, NodeMemory& node) {
  if (engine.Stuck() || engine.answers_at > now()) {
    if (node.unanswered_since < 0) node.unanswered_since = now();
    return;
  }
  node.unanswered_since = -1;
  agent::EngineView view;
  view.role = engine.open ? agent::Role::kPrimary : agent::Role::kReplica;
  view.primary = engine.follows ? ToAgent(*engine.follows) : agent::Address{engine.address.ip, 1};
  node.info = view;
  node.synced |= engine.open || engine.link_up;
  NoteDonor(engine, node);
  node.last_history = ReplicationId(engine.data);
  node.last_offset = kBytesPerWrite * engine.data.length;
}

// As Node::NoteDonor.
void Agent::NoteDonor(const Engine& engine, NodeMemory& node) {
  const agent::Assignment* wanted = AssignmentOf(engine.incarnation);
  const bool from_donor = wanted != nullptr && wanted->donor && engine.follows == ToModel(*wanted->donor);
  const bool idle = from_donor && !engine.open && !engine.link_up && engine.synced_at == 0;
  if (!idle) return node.donor_idle_since.reset();
  if (!node.donor_idle_since) node.donor_idle_since = reality_.schedule.Mono();
}

void Agent::NoteOpenness(const std::string& incarnation, NodeMemory& node) {
  const agent::Assignment* wanted = AssignmentOf(incarnation);
  const bool alive = node.process != 0;
  const bool found_open = alive && node.info && node.info->role == agent::Role::kPrimary;
  const bool assigned =
      wanted != nullptr && wanted->intent == agent::Intent::kRun && wanted->role == agent::Role::kPrimary;
  const bool admits = host_.disk.contains(incarnation) && host_.disk[incarnation].admitted_epoch != 0;
  const bool open = found_open || (alive && ((node.may_be_open && assigned) || admits));
  if (std::exchange(node.may_be_open, open) && !open) Closed(incarnation);
}

agent::LocalState Agent::View(const std::string& incarnation, const NodeMemory& node) {
  const auto found = host_.disk.find(incarnation);
  agent::LocalState state;
  state.directory = found != host_.disk.end();
  if (state.directory) {
    state.epoch = found->second.epoch;
    state.boot = found->second.boot;
    state.clean_stop_epoch = found->second.clean_stop;
    state.starts = found->second.starts;
    state.renewal = found->second.renewal;
    state.handover_failed_epoch = found->second.handover_failed;
    state.cut_epoch = found->second.cut_epoch;
    state.admitted_epoch = found->second.admitted_epoch;
    state.saved = found->second.saved_id;
  }
  state.accepting_epoch = node.accepting_epoch;
  state.synced = node.synced;
  state.donor_idle_since = node.donor_idle_since;
  state.quick_ends = node.quick_ends;
  state.last_end = node.last_end;
  if (node.process == 0) return state;
  state.process = agent::ProcessStage::kAlive;
  state.engine = node.info;
  const agent::Assignment* wanted = AssignmentOf(incarnation);
  if (wanted == nullptr) return state;
  const std::string timeout = TimeoutIn(wanted->parameters);
  if (node.timeout != timeout) state.settings = {{"timeout", timeout}};
  return state;
}

void Agent::Reconcile(const std::string& incarnation, NodeMemory& node) {
  const agent::Assignment* wanted = AssignmentOf(incarnation);
  if (wanted == nullptr) return;
  const agent::LocalState state = View(incarnation, node);
  const bool condemned = agent::Condemned(*wanted, state.starts);
  if ((node.command != 0 || node.handover) && !condemned) return;
  if (now() < node.pause_until) return;
  const agent::Decision decision = agent::DecideNode(*wanted, state, reality_.schedule.Mono());
  node.blocked.reset();
  std::visit([&](const auto& step) { Carry(incarnation, step); }, decision);
}

void Agent::Fail(NodeMemory& node, const std::string& problem, std::int64_t pause) {
  node.failure = problem;
  node.pause_until = now() + pause;
}

void Agent::Tell(const std::string& incarnation, NodeMemory& node, Command command, std::function<void()> done) {
  const std::uint64_t number = node.command = ++last_command_;
  reality_.effect(host_, incarnation);
  if (!*alive_) return;
  reality_.Send(host_.name(), incarnation, node.process, command,
                [this, alive = std::weak_ptr(alive_), incarnation, number, done] {
                  if (!Lives(alive)) return;
                  Later(0, [this, incarnation, number, done] {
                    NodeMemory& told = nodes_[incarnation];
                    if (told.command != number) return;
                    told.command = 0;
                    told.failure.clear();
                    if (done) done();
                    Look(incarnation);
                    Publish(false);
                  });
                });
  Later(1000, [this, incarnation, number] {
    NodeMemory& told = nodes_[incarnation];
    if (told.command != number) return;
    told.command = 0;
    Fail(told, "no answer", 1000);
  });
}

}  // namespace cacheplane::sim
