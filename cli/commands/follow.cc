#include "cli/commands/follow.h"

#include <fmt/format.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cli/client/interrupt.h"
#include "cli/client/operation_wait.h"
#include "cli/commands/answer.h"
#include "cli/output/errors.h"
#include "cli/output/format.h"
#include "cli/output/progress_display.h"

namespace cacheplane::cli {
namespace {

std::string ResumeHint(const v1::Operation& operation) {
  return fmt::format("the operation goes on; wait for it with `cachectl operation wait {}`", operation.id());
}

std::string Reason(const v1::Operation& operation) {
  return operation.reason().empty() ? "" : ": " + operation.reason();
}

// Reports each way a wait can end; a success needs no words.
struct EndReport {
  Session& session;
  const v1::Operation& operation;
  std::chrono::milliseconds timeout;

  ExitCode operator()(const Ended&) const {
    if (operation.status() == "succeeded") return ExitCode::kOk;
    const std::string message =
        fmt::format("{} {} {}{}", operation.kind(), operation.target(), operation.status(), Reason(operation));
    return session.FailWith(ExitCode::kOperationFailed, "OperationFailed", message,
                            fmt::format("its steps: `cachectl operation get {}`", operation.id()));
  }
  ExitCode operator()(const TimedOut&) const {
    const std::string message = fmt::format("{} {} is still {} after {}{}", operation.kind(), operation.target(),
                                            operation.status(), FormatDuration(timeout), Reason(operation));
    return session.FailWith(ExitCode::kTimeout, "Timeout", message, ResumeHint(operation));
  }
  ExitCode operator()(const Interrupted&) const {
    return session.FailWith(ExitCode::kInterrupted, "Interrupted", "no longer waiting", ResumeHint(operation));
  }
  ExitCode operator()(const Lost& lost) const { return session.Fail(lost.error, ResumeHint(operation)); }
};

WaitObserver ObserverOf(ProgressDisplay& display) {
  return {[&display](const v1::Operation& operation) { display.Show(operation); },
          [&display](const Error&) { display.Remark("the control plane does not answer; trying again"); }};
}

}  // namespace

ExitCode FollowOperation(Session& session, const Arguments& arguments, v1::Operation* operation) {
  Host& host = session.host();
  WaitRules rules;
  if (const auto timeout = arguments.Duration("timeout")) rules.timeout = *timeout;
  if (session.live()) rules.rest = std::chrono::seconds(1);
  ProgressDisplay display(host.err, host.clock, session.live(), {session.live(), host.width});
  const InterruptWatch watch([&session] { session.control_plane().Cancel(); });
  const WaitOutcome outcome = WaitForEnd(session.control_plane(), host.clock, rules, ObserverOf(display), operation);
  return std::visit(EndReport{session, *operation, rules.timeout}, outcome);
}

bool ShouldFollow(Session& session, const Arguments& arguments, const v1::Operation& operation) {
  if (operation.id().empty()) return false;
  if (!arguments.Has("no-wait")) return true;
  if (operation.has_end_time()) return false;
  session.Note(fmt::format("operation {} goes on; wait for it with `cachectl operation wait {}`", operation.id(),
                           operation.id()));
  return false;
}

void NoteCheckedOnly(Session& session, const Arguments& arguments) {
  if (arguments.Has("validate-only")) session.Note("checked only: nothing was changed, and this is how it would be");
}

Result<v1::Cluster> ReadCluster(Session& session, const std::string& name) {
  v1::GetClusterRequest request;
  request.set_name(name);
  v1::GetClusterResponse response;
  CP_RETURN_IF_ERROR(session.control_plane().Call(request, &response));
  return std::move(*response.mutable_cluster());
}

ExitCode FinishClusterChange(Session& session, const Arguments& arguments, const v1::Cluster& cluster,
                             v1::Operation* operation) {
  NoteCheckedOnly(session, arguments);
  if (!ShouldFollow(session, arguments, *operation)) return Show(session, cluster);
  const ExitCode code = FollowOperation(session, arguments, operation);
  if (code != ExitCode::kOk && code != ExitCode::kOperationFailed) return code;
  const Result<v1::Cluster> now = ReadCluster(session, cluster.name());
  if (now.ok()) {
    Show(session, *now);
    return code;
  }
  // The failure of the operation has been told already and matters more.
  return code == ExitCode::kOk ? session.Fail(now.error()) : code;
}

}  // namespace cacheplane::cli
