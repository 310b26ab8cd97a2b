#include "nodeagent/decide/decide_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "nodeagent/decide/donor.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

// Changes wake the decision at once; these are for what nothing announces.
constexpr milliseconds kRecheck{1000};
constexpr milliseconds kRecheckSibling{50};
constexpr milliseconds kRecheckHandover{100};
constexpr int kEndsThatSpoil = 3;

// Following nobody is following oneself at a port where nobody listens (drivers/engine_config.h).
Address Target(const Assignment& assignment) { return assignment.primary.value_or(Address{assignment.listen.host, 1}); }

// Whom it copies from: only what is not in sync yet has anything to copy, and a copy that has begun goes on.
std::optional<Address> Source(const Assignment& assignment, const LocalState& state, MonoTime now) {
  const bool begun = state.engine && state.engine->primary == assignment.primary;
  const bool needs_none = begun || state.synced || DonorFails(state.donor_idle_since, now);
  return assignment.primary && assignment.donor && !needs_none ? assignment.donor : assignment.primary;
}

MonoTime StopDeadline(const LocalState& state) {
  return state.stop_since + SaveDeadline(state.engine ? state.engine->used_memory_bytes : 0);
}

// `patient`: for as long as it takes to save.
Decision DecideStopWithSave(const LocalState& state, MonoTime now, bool patient = false) {
  // An engine that is told to end while it loads saves nothing, and what it loads from may be the only copy.
  if (state.engine && state.engine->loading) return Waiting{"loading; it is stopped after that", now + kRecheck};
  if (state.stop == StopStage::kNone) return StopEngine{.save = true};
  const MonoTime deadline = StopDeadline(state);
  if (now >= deadline && !patient) return StopEngine{.save = false};
  if (state.stop == StopStage::kSaving) return Waiting{"saving before the stop", std::max(deadline, now + kRecheck)};
  if (now >= state.stop_retry) return StopEngine{.save = true};
  return Waiting{"could not save; trying again", patient ? state.stop_retry : std::min(deadline, state.stop_retry)};
}

Decision DecideErase(const LocalState& state, MonoTime now) {
  switch (state.process) {
    case ProcessStage::kAlive: return StopEngine{.save = false};
    case ProcessStage::kEnding: return Waiting{"the process is ending", now + kRecheck};
    case ProcessStage::kNone: break;
  }
  if (state.directory) return EraseDirectory{};
  return Converged{};
}

Decision DecideHold(const Assignment& assignment, const LocalState& state, MonoTime now) {
  const bool open = state.engine && state.engine->role == Role::kPrimary && !state.engine->loading;
  switch (state.process) {
    case ProcessStage::kAlive:
      if (open && assignment.close_first) return Follow{Target(assignment), assignment.epoch, false};
      return DecideStopWithSave(state, now, assignment.must_save);
    case ProcessStage::kEnding: return Waiting{"the process is ending", now + kRecheck};
    case ProcessStage::kNone: break;
  }
  return Converged{};
}

// The permit is for a process that starts with these data, and for no other.
bool IsToRestore(const Assignment& assignment) {
  return assignment.role == Role::kPrimary && !assignment.restore.empty();
}

Decision DecideStart(const Assignment& assignment, const LocalState& state, MonoTime now) {
  const bool primary = assignment.role == Role::kPrimary;
  if (primary && assignment.await_handover) return Blocked{"no process to hand over to"};
  if (primary && assignment.boot == 0)
    return Blocked{"not started: a primary starts only when the control plane permits it"};
  if (primary && assignment.boot <= state.boot) {
    return Blocked{"not started again before it is clear that no other node holds its data"};
  }
  if (IsToRestore(assignment) && assignment.restore != state.saved) {
    return Blocked{"no process, and the saved data that one is permitted to start with are not here"};
  }
  if (state.sibling_alive) {
    return Waiting{"another incarnation of this node still has a process", now + kRecheckSibling};
  }
  const MonoTime ready = state.last_end + RestartDelay(state.quick_ends);
  if (now < ready) return Waiting{"pausing before the next start", ready};
  // A replica that starts behind its primary carries its epoch out by that; a future primary does when it is opened.
  const bool follows = !primary && assignment.primary.has_value();
  // Saved data that no start survives are worth less than those of the primary.
  const bool spoilt = follows && state.quick_ends >= kEndsThatSpoil;
  return StartEngine{.primary = follows ? Source(assignment, state, now) : std::nullopt,
                     .epoch = follows ? assignment.epoch : state.epoch,
                     .boot = std::max(assignment.boot, state.boot),
                     .keep_data = IsToRestore(assignment) || (state.clean_stop_epoch != 0 && !spoilt)};
}

// The former primary opens it; until then it shows that it is ready.
Decision DecideAwaiting(const Assignment& assignment, const LocalState& state, bool written, MonoTime now) {
  if (!written || state.accepting_epoch != assignment.epoch) {
    return AcceptHandover{assignment.epoch, std::max(assignment.boot, state.boot)};
  }
  return Waiting{"the former primary hands over to it", now + kRecheckHandover};
}

Decision DecidePrimary(const Assignment& assignment, const LocalState& state, MonoTime now) {
  const bool open = state.engine->role == Role::kPrimary;
  const bool written = state.epoch == assignment.epoch && state.boot >= assignment.boot && state.clean_stop_epoch == 0;
  if (!open && assignment.open_start != 0 && assignment.open_start != state.starts) {
    return Blocked{fmt::format("not opened: the data of start {} were judged, and this is start {}",
                               assignment.open_start, state.starts)};
  }
  if (assignment.await_handover && (!open || !written)) return DecideAwaiting(assignment, state, written, now);
  if (!open || !written) {
    return OpenAsPrimary{assignment.epoch, std::max(assignment.boot, state.boot)};
  }
  return Converged{};
}

Decision DecideReplica(const Assignment& assignment, const LocalState& state, MonoTime now) {
  const bool donated = state.synced && assignment.primary && assignment.donor;
  if (donated && state.engine->role == Role::kReplica && state.engine->primary == *assignment.donor) {
    return LeaveDonor{*assignment.donor, *assignment.primary, assignment.epoch};
  }
  const Address target = Source(assignment, state, now).value_or(Target(assignment));
  const bool follows = state.engine->role == Role::kReplica && state.engine->primary == target;
  // Told again, an engine that follows already goes on; what it saved before is given up by that, durably.
  const bool outdated = assignment.primary.has_value() && state.clean_stop_epoch != 0;
  if (!follows || outdated || state.epoch != assignment.epoch) {
    return Follow{target, assignment.epoch, assignment.primary.has_value()};
  }
  if (assignment.cut_epoch > state.cut_epoch) return CutClients{assignment.cut_epoch};
  return Converged{};
}

// Open, and told to become a replica without losing a write.
Decision DecideHandOver(const Assignment& assignment, const LocalState& state) {
  if (!assignment.primary) return Blocked{"nobody to hand over to"};
  if (state.handover_failed_epoch >= assignment.epoch) {
    return Blocked{fmt::format("still primary: the handover of epoch {} failed", assignment.epoch)};
  }
  return HandOver{*assignment.primary, assignment.epoch};
}

// Its engine may admit the opener of an epoch in which nobody else is to open it any more.
bool AdmitsOutdatedOpener(const Assignment& assignment, const LocalState& state) {
  const bool awaits = assignment.role == Role::kPrimary && assignment.await_handover;
  return state.admitted_epoch != 0 && (!awaits || state.admitted_epoch != assignment.epoch);
}

// Settings come last: nothing that keeps data safe waits for one.
bool NothingElse(const Decision& step) {
  return std::holds_alternative<Converged>(step) || std::holds_alternative<Blocked>(step);
}

Decision DecideRunning(const Assignment& assignment, const LocalState& state, MonoTime now) {
  const bool replica = assignment.role == Role::kReplica;
  if (state.stop == StopStage::kSaving && now < StopDeadline(state)) {
    return Waiting{"an earlier stop is under way", std::min(now + kRecheck, StopDeadline(state))};
  }
  if (!state.engine) return Waiting{"no answer yet", now + kRecheck};
  if (AdmitsOutdatedOpener(assignment, state)) return DismissOpener{state.admitted_epoch};
  const bool open = state.engine->role == Role::kPrimary;
  if (replica && open && assignment.hand_over) return DecideHandOver(assignment, state);
  if (replica && state.renewal < assignment.renewal) return DecideStopWithSave(state, now);
  if (state.engine->loading) return Waiting{"loading", now + kRecheck};
  const Decision step = replica ? DecideReplica(assignment, state, now) : DecidePrimary(assignment, state, now);
  return NothingElse(step) && !state.settings.empty() ? ApplyParameters{state.settings} : step;
}

// It was started before the permit, without the data that are to be opened.
bool IsInTheWay(const Assignment& assignment, const LocalState& state) {
  const bool open = state.engine && state.engine->role == Role::kPrimary;
  return IsToRestore(assignment) && state.boot < assignment.boot && !open;
}

Decision DecideAlive(const Assignment& assignment, const LocalState& state, MonoTime now) {
  if (IsInTheWay(assignment, state)) return StopEngine{.save = false};
  return DecideRunning(assignment, state, now);
}

Decision DecideRun(const Assignment& assignment, const LocalState& state, MonoTime now) {
  switch (state.process) {
    case ProcessStage::kNone: return DecideStart(assignment, state, now);
    case ProcessStage::kAlive: return DecideAlive(assignment, state, now);
    case ProcessStage::kEnding: break;
  }
  return Waiting{"the last process is ending", now + kRecheck};
}

}  // namespace

milliseconds RestartDelay(int quick_ends) {
  static constexpr std::array<milliseconds, 7> kDelays = {milliseconds(0),   milliseconds(50),   milliseconds(200),
                                                          milliseconds(500), milliseconds(1000), milliseconds(2000),
                                                          milliseconds(5000)};
  return kDelays[static_cast<std::size_t>(std::clamp(quick_ends, 0, 6))];
}

milliseconds SaveDeadline(std::int64_t used_memory_bytes) {
  return milliseconds(60'000) + milliseconds(1000) * (used_memory_bytes / (25LL << 20));
}

bool Condemned(const Assignment& assignment, std::uint64_t starts) {
  return assignment.condemned != 0 && starts <= assignment.condemned;
}

Decision DecideNode(const Assignment& assignment, const LocalState& state, MonoTime now) {
  const bool alive = state.process == ProcessStage::kAlive;
  if (alive && Condemned(assignment, state.starts)) return StopEngine{.save = false};
  if (assignment.epoch < state.epoch && assignment.intent != Intent::kErase) {
    return Blocked{fmt::format("epoch {} is refused: {} was carried out", assignment.epoch, state.epoch)};
  }
  switch (assignment.intent) {
    case Intent::kRun: return DecideRun(assignment, state, now);
    case Intent::kHold: return DecideHold(assignment, state, now);
    case Intent::kErase: return DecideErase(state, now);
  }
  return Blocked{"unknown intent"};
}

}  // namespace cacheplane::agent
