#include "nodeagent/supervisor/node.h"

#include <fmt/format.h>

#include <csignal>
#include <utility>

#include "common/file.h"
#include "common/log.h"
#include "nodeagent/decide/decide_node.h"
#include "nodeagent/decide/donor.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetry{1000};

}  // namespace

Node::Node(NodeContext& context, const std::string& node, const std::string& incarnation)
    : context_(context),
      node_(node),
      incarnation_(incarnation),
      directory_(context.home.DirectoryOf(node, incarnation)) {}

Node::~Node() {
  context_.loop.Cancel(timer_);
  context_.loop.Cancel(ask_timer_);
}

void Node::Load() {
  const auto state = directory_.Load();
  if (!state.ok() && state.error().code == ErrorCode::kNotFound) return;
  if (state.ok()) saved_ = *state;
  if (!state.ok()) broken_ = state.error().message;
  saved_data_ = directory_.Saved();
  // Without a pid there may still be a process: the agent ended between the spawn and the note of it.
  const ProcessId known = directory_.LoadProcess();
  const auto stat = ReadProcessStat(known.pid);
  const bool same = known.pid != 0 && stat && stat->start_time == known.start_time;
  if (same && IsProcessOf(Identity(), known.pid) && Adopt(known).ok()) return;
  for (const ProcessId& process : FindProcesses(Identity())) {
    if (Adopt(process).ok()) return;
  }
  if (known.pid != 0) exit_reason_ = "ended while no agent was watching";
  if (known.pid != 0 || saved_.save_requested_ms != 0) FinishStop(known, true);
}

void Node::Assign(std::optional<Assignment> assignment) {
  if (assignment == assignment_) return;
  const bool same_handover = assignment && assignment_ && assignment->hand_over &&
                             assignment->epoch == assignment_->epoch && assignment->primary == assignment_->primary;
  if (handover_called_off_ && !same_handover) *handover_called_off_ = true;
  if (donor_called_off_) *donor_called_off_ = true;
  assignment_ = std::move(assignment);
  failure_.clear();
  pause_until_ = {};
  if (stop_ == StopStage::kSaveFailed) stop_ = StopStage::kNone;
  if (assignment_) settings_.Want(Config(assignment_->primary));
  if (engine_) engine_->Hurry();
  NoteOpenness();
  Reconcile();
  context_.changed(*this);
}

LocalState Node::View() const {
  LocalState view{.directory = directory_.Exists(),
                  .epoch = saved_.epoch,
                  .boot = saved_.boot,
                  .clean_stop_epoch = saved_.clean_stop_epoch,
                  .starts = saved_.starts,
                  .renewal = saved_.renewal,
                  .handover_failed_epoch = saved_.handover_failed_epoch,
                  .cut_epoch = saved_.cut_epoch,
                  .admitted_epoch = saved_.admitted_epoch,
                  .settings = settings_.Outstanding(),
                  .accepting_epoch = accepting_epoch_,
                  .saved = saved_data_ ? saved_data_->id : std::string(),
                  .stop = stop_,
                  .stop_since = stop_since_,
                  .stop_retry = stop_retry_,
                  .quick_ends = quick_ends_,
                  .last_end = last_end_,
                  .synced = engine_ && took_part_,
                  .donor_idle_since = engine_ ? donor_idle_since_ : std::nullopt,
                  .sibling_alive = context_.sibling_alive(*this)};
  if (!engine_) return view;
  view.process = engine_->stage();
  if (const auto& info = engine_->info()) {
    view.engine = EngineView{.loading = info->loading,
                             .role = info->role == "primary" ? Role::kPrimary : Role::kReplica,
                             .primary = {info->primary_address, info->primary_port},
                             .used_memory_bytes = info->used_memory_bytes};
  }
  return view;
}

void Node::Reconcile() {
  context_.loop.Cancel(timer_);
  timer_ = 0;
  if (!broken_.empty()) return;
  // One that is to be killed may be just the one whose answer is waited for.
  const bool condemned = assignment_ && Condemned(*assignment_, saved_.starts);
  if (command_under_way_ && !condemned) return;
  if (!assignment_) return DropStop();
  const MonoTime now = context_.loop.now();
  if (now < pause_until_) return ReconcileAt(pause_until_);
  if (engine_ && !condemned && TakesBackLeftovers()) return;
  NoteLostStop();
  const Decision decision = DecideNode(*assignment_, View(), now);
  if (decision_ != decision) log::Debug("{}/{}: {}", node_, incarnation_, decision);
  decision_ = decision;
  const bool stops = std::holds_alternative<StopEngine>(decision) || std::holds_alternative<Waiting>(decision);
  // Refused for its epoch it says nothing about a stop that is under way.
  if (!stops && !std::holds_alternative<Blocked>(decision)) stop_ = StopStage::kNone;
  if (!stops) DropStop();
  const Status status = std::visit([this](const auto& step) { return Carry(step); }, decision);
  if (!status.ok()) Fail(status.error());
}

void Node::ReconcileAt(MonoTime time) {
  context_.loop.Cancel(timer_);
  timer_ = context_.loop.At(time, [this] { Reconcile(); });
}

void Node::Fail(const Error& error) {
  if (failure_ != error.message) log::Warn("{}/{}: {}", node_, incarnation_, error.message);
  failure_ = error.message;
  pause_until_ = context_.loop.now() + kRetry;
  ReconcileAt(pause_until_);
  context_.changed(*this);
}

Status Node::Persist(SavedState state) {
  // What cannot be read is left for somebody to look at; a process found there is still reported.
  if (state == saved_ || !broken_.empty()) return {};
  CP_RETURN_IF_ERROR(directory_.Save(state));
  saved_ = state;
  return {};
}

Status Node::Carry(const OpenAsPrimary& step) {
  if (!MayOpen()) return {};
  deposed_.reset();
  SavedState state = saved_;
  state.epoch = step.epoch;
  state.boot = step.boot;
  state.clean_stop_epoch = 0;
  state.save_requested_ms = 0;
  CP_RETURN_IF_ERROR(Persist(state));
  Tell({"REPLICAOF", "NO", "ONE"});
  return {};
}

Status Node::Carry(const Follow& step) {
  SavedState state = saved_;
  state.epoch = step.epoch;
  if (step.gives_up_data) state.clean_stop_epoch = 0;
  if (DonorFails(donor_idle_since_, context_.loop.now())) {
    log::Warn("{}/{}: its donor gives it nothing, it copies from its primary", node_, incarnation_);
  }
  state.save_requested_ms = 0;
  CP_RETURN_IF_ERROR(Persist(state));
  if (FoundOpen()) {
    Depose(step.primary);
    return {};
  }
  Tell({"REPLICAOF", step.primary.host, std::to_string(step.primary.port)});
  return {};
}

void Node::Tell(std::vector<std::string> command, std::function<void()> told) {
  command_under_way_ = true;
  engine_->Send(std::move(command), kRetry, [this, told = std::move(told)](const CommandResult& result) {
    command_under_way_ = false;
    if (!result.status.ok()) return Fail(result.status.error());
    failure_.clear();
    if (told) told();
    OnChanged();
  });
}

Status Node::Carry(const EraseDirectory&) {
  if (KillStrays()) {
    ReconcileAt(context_.loop.now() + milliseconds(20));
    return {};
  }
  CP_RETURN_IF_ERROR(directory_.Erase());
  log::Info("{}/{}: erased", node_, incarnation_);
  saved_ = {};
  saved_data_.reset();
  last_ = {};
  context_.changed(*this);
  return {};
}

Status Node::Carry(const ApplyParameters& step) {
  command_under_way_ = true;
  auto report = std::make_shared<SettingsReport>();
  engine_->Run([report, settings = step.settings](EngineLink& own) { *report = TellSettings(own, settings); },
               [this, report, settings = step.settings] {
                 command_under_way_ = false;
                 settings_.Told(settings, *report);
                 if (!report->status.ok()) return Fail(report->status.error());
                 OnChanged();
               });
  return {};
}

Status Node::Carry(const Waiting& step) {
  ReconcileAt(step.recheck);
  return {};
}

Status Node::Carry(const Blocked&) {
  failure_.clear();
  context_.changed(*this);
  return {};
}

Status Node::Carry(const Converged&) {
  failure_.clear();
  return {};
}

void Node::OnChanged() {
  if (engine_ && engine_->info()) took_part_ |= engine_->info()->role == "primary" || engine_->info()->link_up;
  // It is reported as stopped from now on, and saves nothing any more.
  if (engine_ && engine_->stage() == ProcessStage::kEnding) saved_data_ = directory_.Saved();
  NoteDonor();
  NoteOpenness();
  Reconcile();
  context_.changed(*this);
}

void Node::NoteEnd(const ExitStatus& status) {
  exit_reason_ = Describe(status);
  if (status.code.value_or(0) != 0) exit_reason_ += ": " + directory_.LastLogLine();
  // Nobody tells how an adopted one ended.
  const bool killed = status.signal == SIGKILL || (!status.signal && !status.code);
  out_of_memory_ = killed && !killed_ && engine_->OomKillsSeen();
  if (out_of_memory_) exit_reason_ += ", out of memory: the kernel killed a process for that just before";
  if (!engine_->info()) return;
  last_ = {engine_->info()->replication_id, engine_->info()->replication_offset};
}

void Node::OnGone(const ExitStatus& status) {
  NoteEnd(status);
  log::Info("{}/{}: process {} is gone: {}", node_, incarnation_, engine_->pid(), exit_reason_);
  const ProcessId process = engine_->process();
  const bool by_itself = !std::exchange(killed_, false) && !status.signal && status.code.value_or(0) == 0;
  const bool wanted = stop_ != StopStage::kNone;
  quick_ends_ = wanted || engine_->Age() >= kLongLife ? 0 : quick_ends_ + 1;
  last_end_ = context_.loop.now();
  stop_ = StopStage::kNone;
  command_under_way_ = false;
  handover_called_off_.reset();
  accepting_epoch_ = 0;
  leftovers_possible_ = false;
  deposed_.reset();
  failure_.clear();
  engine_.reset();
  settings_.Gone();
  FinishStop(process, by_itself);
  OnChanged();
}

}  // namespace cacheplane::agent
