// How an incarnation hands its role over, accepts one, and what is known of its data after it was deposed.
#include <chrono>
#include <memory>
#include <utility>

#include "cache-engine/drivers/acl.h"
#include "cache-engine/drivers/parameters.h"
#include "cache-engine/drivers/version.h"
#include "common/log.h"
#include "nodeagent/decide/handover.h"
#include "nodeagent/supervisor/node.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

// Its own engine is not looked after meanwhile.
constexpr milliseconds kSuccessorWithin{200};
constexpr milliseconds kAskSuccessorAgain{500};
constexpr int kAskSuccessorTimes = 20;

// CLIENT PAUSE … WRITE came with it.
constexpr engine::Version kPausesWrites{6, 2};

}  // namespace

Status Node::Carry(const AcceptHandover& step) {
  if (!MayOpen()) return {};
  SavedState state = saved_;
  state.epoch = step.epoch;
  state.boot = step.boot;
  state.clean_stop_epoch = 0;
  state.save_requested_ms = 0;
  state.admitted_epoch = step.epoch;
  CP_RETURN_IF_ERROR(Persist(state));
  failure_.clear();
  engine_->AwaitOpening(true);
  Tell(engine::AdmitOpener(step.epoch, assignment_->internal_password),
       [this, epoch = step.epoch] { accepting_epoch_ = epoch; });
  return {};
}

// Durable with the next epoch that is carried out: to dismiss it once more does no harm.
Status Node::Carry(const DismissOpener& step) {
  engine_->AwaitOpening(false);
  accepting_epoch_ = 0;
  Tell(engine::DismissOpener(step.epoch), [this] { saved_.admitted_epoch = 0; });
  return {};
}

WritePause Node::PauseOf() const {
  const engine::ConfigRequest request = Config(std::nullopt);
  const auto version = engine::ParseVersion(engine_->version());
  WritePause pause{.by_command = !version.ok() || *version >= kPausesWrites};
  pause.min_replicas = engine::ParameterValue(request, "min-replicas-to-write").value_or(pause.min_replicas);
  pause.max_lag = engine::ParameterValue(request, "min-replicas-max-lag").value_or(pause.max_lag);
  return pause;
}

Status Node::Carry(const HandOver& step) {
  SavedState state = saved_;
  state.epoch = step.epoch;
  state.clean_stop_epoch = 0;
  state.save_requested_ms = 0;
  CP_RETURN_IF_ERROR(Persist(state));
  handover_us_ = 0;
  HandoverPlan plan{.candidate = step.candidate, .epoch = step.epoch, .pause = PauseOf()};
  if (context_.hooks.lead) {
    plan.lead = [lead = context_.hooks.lead, routers = assignment_->routers, step] {
      lead(routers, step.candidate, step.epoch);
    };
  }
  if (!plan.pause.by_command) leftovers_possible_ = true;
  handover_called_off_ = plan.called_off;
  command_under_way_ = true;
  auto report = std::make_shared<HandoverReport>();
  engine_->Run([plan, report](EngineLink& own) { *report = CarryOutHandover(own, plan); },
               [this, report, epoch = step.epoch] { OnHandedOver(epoch, *report); });
  return {};
}

Status Node::Carry(const CutClients& step) {
  command_under_way_ = true;
  auto status = std::make_shared<Status>();
  engine_->Run([status](EngineLink& own) { *status = CloseClients(own); },
               [this, status, epoch = step.epoch] {
                 command_under_way_ = false;
                 SavedState state = saved_;
                 state.cut_epoch = epoch;
                 if (status->ok()) *status = Persist(state);
                 if (!status->ok()) return Fail(status->error());
                 OnChanged();
               });
  return {};
}

void Node::OnHandedOver(std::uint64_t epoch, const HandoverReport& report) {
  command_under_way_ = false;
  handover_called_off_.reset();
  handover_problem_ = report.problem;
  if (report.all_restored) leftovers_possible_ = false;
  if (report.complete) handed_over_epoch_ = epoch;
  if (report.end == HandoverReport::End::kDone) {
    handover_us_ = report.gap_us;
    log::Info("{}/{}: handed over in epoch {}, writes waited {} us", node_, incarnation_, epoch, report.gap_us);
  } else {
    log::Warn("{}/{}: not handed over in epoch {}: {}", node_, incarnation_, epoch, report.problem);
  }
  // In doubt it is no failure: what was opened elsewhere must not be opened here again.
  if (report.end == HandoverReport::End::kKept) {
    SavedState state = saved_;
    state.handover_failed_epoch = std::max(state.handover_failed_epoch, epoch);
    if (const Status status = Persist(state); !status.ok()) return Fail(status.error());
  }
  OnChanged();
}

// An agent that died in a handover of an engine that cannot pause may have left it refusing all writes.
bool Node::TakesBackLeftovers() {
  if (!leftovers_possible_ || !engine_->info() || engine_->info()->loading) return false;
  const WritePause pause = PauseOf();
  if (pause.by_command) {
    leftovers_possible_ = false;
    return false;
  }
  command_under_way_ = true;
  auto status = std::make_shared<Status>();
  engine_->Run([status, pause](EngineLink& own) { *status = TakeBackLeftovers(own, pause); },
               [this, status] {
                 command_under_way_ = false;
                 if (!status->ok()) return Fail(status->error());
                 leftovers_possible_ = false;
                 OnChanged();
               });
  return true;
}

// Its last word in its own history, for the comparison with what its successor has.
void Node::Depose(const Address& primary) {
  command_under_way_ = true;
  auto last = std::make_shared<Result<LastWord>>(Unavailable("not asked"));
  engine_->Run([last, primary](EngineLink& own) { *last = DemoteAndNote(own, primary); },
               [this, last] {
                 command_under_way_ = false;
                 if (!last->ok()) return Fail(last->error());
                 failure_.clear();
                 diverged_bytes_ = -1;
                 deposed_ = **last;
                 ask_tries_ = kAskSuccessorTimes;
                 AskSuccessor();
                 OnChanged();
               });
}

void Node::AskSuccessor() {
  context_.loop.Cancel(ask_timer_);
  ask_timer_ = 0;
  const bool alive = engine_ && engine_->stage() == ProcessStage::kAlive;
  if (!deposed_ || ask_tries_ == 0 || !alive) return;
  ask_timer_ = context_.loop.At(context_.loop.now() + kAskSuccessorAgain, [this] { AskSuccessor(); });
  if (!assignment_ || !assignment_->primary || command_under_way_) return;
  ask_tries_ -= 1;
  command_under_way_ = true;
  auto answer = std::make_shared<Result<engine::ReplicationInfo>>(Unavailable("not asked"));
  const ProbeTarget successor{.address = *assignment_->primary, .password = assignment_->internal_password};
  engine_->Run(
      [answer, successor](EngineLink&) {
        EngineLink link(successor);
        *answer = link.Replication(kSuccessorWithin);
      },
      [this, answer] {
        command_under_way_ = false;
        if (answer->ok()) OnSuccessor(**answer);
        OnChanged();
      });
}

void Node::OnSuccessor(const engine::ReplicationInfo& successor) {
  if (!deposed_ || successor.role != "primary") return;
  diverged_bytes_ =
      DivergedBytes(deposed_->history, deposed_->offset, successor.former_replication_id, successor.former_end);
  deposed_.reset();
}

}  // namespace cacheplane::agent
