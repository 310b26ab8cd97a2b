// What an agent does: the steps of nodeagent/decide on the simulated host.
#include <algorithm>

#include "nodeagent/decide/donor.h"
#include "tests/sim/agent.h"

namespace cacheplane::sim {

void Agent::Carry(const std::string& incarnation, const agent::StartEngine& step) {
  const agent::Assignment& wanted = *AssignmentOf(incarnation);
  Directory& directory = host_.disk[incarnation];
  directory.node = model::NodeName(wanted.node);
  directory.epoch = step.epoch;
  directory.boot = step.boot;
  ++directory.starts;
  directory.renewal = wanted.renewal;
  directory.admitted_epoch = 0;
  if (!step.keep_data) directory.clean_stop = 0;
  reality_.effect(host_, incarnation);
  if (!*alive_) return;
  directory.process_noted = true;
  Engine engine;
  engine.life = ++reality_.last_life;
  engine.host = host_.name();
  engine.incarnation = incarnation;
  engine.node = directory.node;
  engine.cluster = wanted.node.substr(0, wanted.node.rfind('-'));
  engine.address = ToModel(wanted.listen);
  engine.start = directory.starts;
  engine.version = wanted.engine_version;
  engine.answers_at = now() + reality_.schedule.Between(5, 150);
  const bool loads = step.keep_data && !directory.saved_id.empty();
  engine.data = loads ? directory.saved : reality_.histories.Fork({});
  if (step.primary) engine.follows = ToModel(*step.primary);
  engine.timeout = TimeoutIn(wanted.parameters);
  host_.engines[incarnation] = engine;
  reality_.TakeIll(host_.engines[incarnation]);
  NodeMemory& node = nodes_[incarnation];
  node.process = engine.start;
  node.started = now();
  node.timeout = engine.timeout;
  node.info.reset();
  node.synced = false;
  node.donor_idle_since.reset();
  node.unanswered_since = -1;
  node.last_history.clear();
  node.last_offset = 0;
}

void Agent::Carry(const std::string& incarnation, const agent::OpenAsPrimary& step) {
  NodeMemory& node = nodes_[incarnation];
  if (!MayOpen(incarnation, node)) return;
  Directory& directory = host_.disk[incarnation];
  directory.epoch = step.epoch;
  directory.boot = step.boot;
  directory.clean_stop = 0;
  Tell(incarnation, node, {.kind = Command::Kind::kOpen});
}

void Agent::Carry(const std::string& incarnation, const agent::Follow& step) {
  Directory& directory = host_.disk[incarnation];
  directory.epoch = step.epoch;
  if (step.gives_up_data) directory.clean_stop = 0;
  if (agent::DonorFails(nodes_[incarnation].donor_idle_since, reality_.schedule.Mono())) {
    reality_.sometimes.insert("a donor gave nothing");
  }
  Command command{.kind = Command::Kind::kFollow};
  if (step.primary.port != 1) command.primary = ToModel(step.primary);
  Tell(incarnation, nodes_[incarnation], command);
}

// Near enough or not: what is missing comes from the primary, or everything does.
void Agent::Carry(const std::string& incarnation, const agent::LeaveDonor& step) {
  const Engine* donor = reality_.EngineAt(ToModel(step.donor));
  const Engine* own = EngineOf(incarnation);
  const bool near = donor != nullptr && donor->data.length - own->data.length <= 2;
  if (!near && reality_.schedule.Chance(0.9)) return Later(5, [this, incarnation] { Look(incarnation); });
  reality_.sometimes.insert("a node went on from its donor to its primary");
  Carry(incarnation, agent::Follow{step.primary, step.epoch, true});
}

void Agent::Carry(const std::string& incarnation, const agent::AcceptHandover& step) {
  NodeMemory& node = nodes_[incarnation];
  if (!MayOpen(incarnation, node)) return;
  Directory& directory = host_.disk[incarnation];
  directory.epoch = step.epoch;
  directory.boot = step.boot;
  directory.clean_stop = 0;
  node.failure.clear();
  directory.admitted_epoch = step.epoch;
  Tell(incarnation, node, {.kind = Command::Kind::kAdmit, .primary = {}, .opener = step.epoch},
       [&node, epoch = step.epoch] { node.accepting_epoch = epoch; });
}

void Agent::Carry(const std::string& incarnation, const agent::DismissOpener&) {
  NodeMemory& node = nodes_[incarnation];
  node.accepting_epoch = 0;
  Tell(incarnation, node, {.kind = Command::Kind::kAdmit},
       [this, incarnation] { host_.disk[incarnation].admitted_epoch = 0; });
}

void Agent::Carry(const std::string& incarnation, const agent::HandOver& step) {
  Directory& directory = host_.disk[incarnation];
  directory.epoch = step.epoch;
  directory.clean_stop = 0;
  auto handover = std::make_shared<Handover>();
  handover->candidate = step.candidate;
  handover->epoch = step.epoch;
  handover->start = nodes_[incarnation].process;
  handover->began = now();
  nodes_[incarnation].handover = handover;
  reality_.schedule.Trace("handover begins " + directory.node.str());
  Later(1, [this, incarnation, handover] { Step(incarnation, handover); });
}

void Agent::Carry(const std::string& incarnation, const agent::CutClients& step) {
  host_.disk[incarnation].cut_epoch = step.epoch;
}

void Agent::Carry(const std::string& incarnation, const agent::ApplyParameters& step) {
  NodeMemory& node = nodes_[incarnation];
  Engine* engine = EngineOf(incarnation);
  if (engine->Stuck()) {
    node.timeout.reset();
    return Fail(node, "CONFIG SET timeout: not answered", 1000);
  }
  engine->timeout = step.settings.front().value;
  reality_.effect(host_, incarnation);
  if (!*alive_) return;
  if (!node.timeout) reality_.sometimes.insert("an adopted engine was told its parameters");
  node.timeout = step.settings.front().value;
}

void Agent::Carry(const std::string& incarnation, const agent::StopEngine& step) {
  if (step.save) return StopWithSave(incarnation);
  reality_.schedule.Trace("killed " + host_.disk[incarnation].node.str());
  const Engine* engine = EngineOf(incarnation);
  if (engine != nullptr && engine->Stuck()) reality_.sometimes.insert("a stuck engine was condemned and killed");
  reality_.effect(host_, incarnation);
  reality_.EndProcess(host_, incarnation);
  if (!*alive_) return;
  NoteProcess(incarnation, nodes_[incarnation]);
  NoteOpenness(incarnation, nodes_[incarnation]);
}

// SHUTDOWN SAVE: a stuck engine carries it out when it wakes, if anybody still wants it then.
void Agent::StopWithSave(const std::string& incarnation) {
  Engine* const engine = EngineOf(incarnation);
  if (engine == nullptr || engine->Stuck()) return Fail(nodes_[incarnation], "cannot save: no answer", 500);
  reality_.schedule.Trace("stopped, its data saved: " + engine->node.str());
  reality_.effect(host_, incarnation);
  Directory& directory = host_.disk[incarnation];
  directory.clean_stop = directory.epoch;
  if (engine->open || engine->link_up) directory.saved_id.clear();
  reality_.Save(*engine);
  reality_.EndProcess(host_, incarnation);
  if (!*alive_) return;
  NoteProcess(incarnation, nodes_[incarnation]);
  nodes_[incarnation].quick_ends = 0;
  NoteOpenness(incarnation, nodes_[incarnation]);
}

void Agent::Carry(const std::string& incarnation, const agent::EraseDirectory&) {
  host_.disk.erase(incarnation);
  reality_.effect(host_, incarnation);
}

void Agent::Carry(const std::string&, const agent::Waiting&) {}

void Agent::Carry(const std::string& incarnation, const agent::Blocked& step) {
  nodes_[incarnation].failure.clear();
  nodes_[incarnation].blocked = step.reason;
}

void Agent::Carry(const std::string& incarnation, const agent::Converged&) { nodes_[incarnation].failure.clear(); }

}  // namespace cacheplane::sim
