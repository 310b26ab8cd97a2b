#include "nodeagent/supervisor/handover.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "cache-engine/drivers/acl.h"
#include "nodeagent/decide/handover.h"
#include "nodeagent/supervisor/engine_timer.h"

namespace cacheplane::agent {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using Instant = std::chrono::steady_clock::time_point;
using Replication = engine::ReplicationInfo;

constexpr milliseconds kAnswerWithin{300};
// What decides who is primary is given longer.
constexpr milliseconds kOpenWithin{1000};
constexpr milliseconds kLookAgain{5};
constexpr char kRefuseAll[] = "999";

Instant Now() { return std::chrono::steady_clock::now(); }

milliseconds LeftUntil(Instant deadline) {
  return std::max(milliseconds(1), std::chrono::ceil<milliseconds>(deadline - Now()));
}

class Handover {
 public:
  Handover(EngineLink& own, const HandoverPlan& plan)
      : plan_(plan),
        own_(own),
        candidate_({.address = plan.candidate, .password = own.target().password}),
        opener_(
            {.address = plan.candidate, .password = own.target().password, .user = engine::OpenerName(plan.epoch)}) {}

  HandoverReport Run() {
    if (plan_.pause.by_command) return HandOver();
    // Best effort: without it the former primary follows later, and may have to copy everything.
    hurried_ = HurryTimer(own_).ok();
    HandoverReport report = HandOver();
    if (hurried_ && report.end == HandoverReport::End::kDone) AwaitLink(own_);
    if (!RestoreTimer(own_).ok()) report.all_restored = false;
    return report;
  }

 private:
  HandoverReport HandOver() {
    if (const Status ready = AwaitReady(); !ready.ok()) return Kept(ready.error());
    paused_at_ = Now();
    Status status = Pause();
    if (status.ok()) status = AwaitOffset();
    if (!status.ok()) return Kept(status.error());
    return DemoteAndOpen();
  }

  Result<CandidateView> LookAtCandidate() {
    CP_ASSIGN_OR_RETURN(const Replication seen, candidate_.Replication(kAnswerWithin));
    CandidateView view{.replica = seen.role == "replica",
                       .follows = {seen.primary_address, seen.primary_port},
                       .link_up = seen.link_up,
                       .history = seen.replication_id,
                       .offset = seen.replication_offset};
    const auto users = candidate_.Call({"ACL", "USERS"}, kAnswerWithin);
    if (!users.ok()) return users.error();
    const auto is_opener = [this](const resp::Value& user) { return user.text == opener_.target().user; };
    view.ready = std::any_of(users->items.begin(), users->items.end(), is_opener);
    return view;
  }

  Result<Replication> LookAtOwn(milliseconds timeout) {
    auto own = own_.Replication(timeout);
    open_ = own.ok() && own->role == "primary";
    return own;
  }

  Result<std::string> Obstacle() {
    CP_ASSIGN_OR_RETURN(const Replication own, LookAtOwn(kAnswerWithin));
    if (!open_) return std::string("it is not open");
    if (first_offset_ < 0) first_offset_ = own.replication_offset;
    CP_ASSIGN_OR_RETURN(const CandidateView candidate, LookAtCandidate());
    return WhyNotYet({.own = own_.target().address,
                      .history = own.replication_id,
                      .offset = own.replication_offset,
                      .first_offset = first_offset_},
                     candidate);
  }

  Status AwaitReady() {
    const Instant deadline = Now() + kCandidateReadyWithin;
    for (;;) {
      auto obstacle = Obstacle();
      if (obstacle.ok() && obstacle->empty()) {
        const Status signed_in = opener_.Connect(kAnswerWithin);
        if (signed_in.ok()) return {};
        obstacle = signed_in.error();
      }
      if (*plan_.called_off) return Aborted("called off");
      if (Now() >= deadline) return obstacle.ok() ? FailedPrecondition(*obstacle) : obstacle.error();
      std::this_thread::sleep_for(kLookAgain);
    }
  }

  Status Pause() {
    if (plan_.pause.by_command) {
      return own_.Tell({"CLIENT", "PAUSE", std::to_string(kPauseBudget.count()), "WRITE"}, kAnswerWithin);
    }
    refused_ = true;
    // With no limit to the lag nothing would be refused.
    if (plan_.pause.max_lag == "0") {
      CP_RETURN_IF_ERROR(own_.Tell({"CONFIG", "SET", "min-replicas-max-lag", "10"}, kAnswerWithin));
    }
    return own_.Tell({"CONFIG", "SET", "min-replicas-to-write", kRefuseAll}, kAnswerWithin);
  }

  // Until the candidate has all that was written before the pause.
  Status AwaitOffset() {
    const Instant deadline = paused_at_ + kCatchUpWithin;
    CP_ASSIGN_OR_RETURN(const Replication own, LookAtOwn(LeftUntil(deadline)));
    offset_ = own.replication_offset;
    CP_RETURN_IF_ERROR(AwaitCandidate(offset_, deadline));
    if (*plan_.called_off) return Aborted("called off");
    if (Now() < paused_at_ + kDemoteWithin) return {};
    return FailedPrecondition("too late: the pause might end before the demotion");
  }

  Status AwaitCandidate(std::int64_t offset, Instant deadline) {
    for (;;) {
      CP_ASSIGN_OR_RETURN(const Replication seen, candidate_.Replication(LeftUntil(deadline)));
      if (seen.replication_offset >= offset) return {};
      if (Now() >= deadline) {
        return FailedPrecondition(fmt::format("the candidate lacks {} bytes", offset - seen.replication_offset));
      }
      std::this_thread::sleep_for(microseconds(50));
    }
  }

  HandoverReport DemoteAndOpen() {
    // Of nobody: the candidate would be asked for what it holds before it is known to hold everything.
    const auto last = own_.Demote(Nobody(), kAnswerWithin);
    if (!last.ok()) {
      (void)LookAtOwn(kAnswerWithin);
      return Kept(Annotate(last.error(), "the demotion was not answered"));
    }
    if (const std::string lacking = AwaitStragglers(*last); !lacking.empty()) return Unknown(lacking);
    complete_ = true;
    // However late this comes, it is not heeded once the candidate's agent has another assignment.
    const Status opened = opener_.Tell({"REPLICAOF", "NO", "ONE"}, kOpenWithin);
    const Instant opened_at = Now();
    if (opened.ok()) plan_.lead();
    // Should it fail, the agent tells the engine once more.
    if (opened.ok()) (void)own_.Tell(Following(plan_.candidate), kAnswerWithin);
    // Earlier it would find another replica, and be sent away for a second.
    if (hurried_ && opened.ok()) (void)LookForPrimary(own_);
    EndPause(/*close_clients=*/true);
    if (!opened.ok()) return Unknown(fmt::format("the candidate was not opened: {}", opened.error().message));
    return {.end = HandoverReport::End::kDone,
            .complete = true,
            .gap_us = std::chrono::duration_cast<microseconds>(opened_at - paused_at_).count(),
            .all_restored = !refused_};
  }

  Address Nobody() const { return {own_.target().address.host, 1}; }

  static std::vector<std::string> Following(const Address& primary) {
    return {"REPLICAOF", primary.host, std::to_string(primary.port)};
  }

  // What came after the offset was read: a keep-alive, or what a refusal does not cover, such as a script on 6.0.
  std::string AwaitStragglers(std::int64_t last_offset) {
    if (last_offset <= offset_ || AwaitCandidate(last_offset, Now() + kCatchUpWithin).ok()) return "";
    if (last_offset - offset_ <= kKeepAliveBytes) return "";
    return fmt::format("the candidate was not opened: it lacks up to {} bytes that were written after the pause",
                       last_offset - offset_);
  }

  void EndPause(bool close_clients) {
    if (close_clients) (void)CloseClients(own_);
    // Should it not arrive, the pause ends by itself.
    if (plan_.pause.by_command) (void)own_.Call({"CLIENT", "UNPAUSE"}, kAnswerWithin);
    if (refused_ && TakeBackRefusal(own_, plan_.pause).ok()) refused_ = false;
  }

  // Nothing has happened, provided that the engine says so.
  HandoverReport Kept(const Error& error) {
    if (!open_) return Unknown(error.message);
    if (paused_at_ != Instant()) EndPause(/*close_clients=*/false);
    return {.end = HandoverReport::End::kKept, .problem = error.message, .all_restored = !refused_};
  }

  HandoverReport Unknown(const std::string& problem) {
    if (paused_at_ != Instant()) EndPause(/*close_clients=*/false);
    return {.end = HandoverReport::End::kUnknown, .problem = problem, .complete = complete_, .all_restored = !refused_};
  }

  const HandoverPlan& plan_;
  EngineLink& own_;
  EngineLink candidate_;
  EngineLink opener_;  // to the candidate as well
  std::int64_t first_offset_ = -1;
  std::int64_t offset_ = 0;
  Instant paused_at_{};
  bool refused_ = false;
  bool hurried_ = false;
  bool open_ = false;  // by its latest answer
  bool complete_ = false;
};

}  // namespace

HandoverReport CarryOutHandover(EngineLink& own, const HandoverPlan& plan) { return Handover(own, plan).Run(); }

Status CloseClients(EngineLink& engine) {
  for (const char* type : {"normal", "pubsub"}) {
    CP_RETURN_IF_ERROR(engine.Tell({"CLIENT", "KILL", "TYPE", type, "SKIPME", "yes"}, kAnswerWithin));
  }
  return {};
}

Result<LastWord> DemoteAndNote(EngineLink& own, const Address& primary) {
  const auto before = own.Replication(kOpenWithin);
  CP_ASSIGN_OR_RETURN(const std::int64_t offset, own.Demote(primary, kOpenWithin));
  return LastWord{before.ok() ? before->replication_id : "", offset};
}

Status TakeBackRefusal(EngineLink& engine, const WritePause& pause) {
  const auto set = engine.Call({"CONFIG", "GET", "min-replicas-to-write"}, kAnswerWithin);
  if (!set.ok()) return set.error();
  if (set->IsError() || set->items.size() != 2) return Internal("min-replicas-to-write cannot be read");
  if (set->items[1].text != kRefuseAll) return {};
  CP_RETURN_IF_ERROR(engine.Tell({"CONFIG", "SET", "min-replicas-to-write", pause.min_replicas}, kAnswerWithin));
  return engine.Tell({"CONFIG", "SET", "min-replicas-max-lag", pause.max_lag}, kAnswerWithin);
}

Status TakeBackLeftovers(EngineLink& engine, const WritePause& pause) {
  CP_RETURN_IF_ERROR(TakeBackRefusal(engine, pause));
  return RestoreTimer(engine);
}

}  // namespace cacheplane::agent
