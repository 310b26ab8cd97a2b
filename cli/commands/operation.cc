#include "cacheplane/v1/operation.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"
#include "cli/commands/follow.h"

namespace cacheplane::cli {
namespace {

v1::GetOperationRequest GetRequest(const Arguments& arguments) {
  v1::GetOperationRequest request;
  request.set_id(*arguments.Text("ID"));
  return request;
}

ExitCode RunGet(Session& session, const Arguments& arguments) {
  return CallAndShow(session, GetRequest(arguments), &v1::GetOperationResponse::operation);
}

ExitCode RunList(Session& session, const Arguments& arguments) {
  v1::ListOperationsRequest request;
  request.set_target(arguments.TextOr("cluster", ""));
  return PrintList<v1::ListOperationsResponse>(session, request);
}

ExitCode RunWait(Session& session, const Arguments& arguments) {
  v1::GetOperationResponse response;
  const Status status = session.control_plane().Call(GetRequest(arguments), &response);
  if (!status.ok()) return session.Fail(status.error());
  const ExitCode code = FollowOperation(session, arguments, response.mutable_operation());
  if (code == ExitCode::kOk || code == ExitCode::kOperationFailed) Show(session, response.operation());
  return code;
}

ExitCode RunCancel(Session& session, const Arguments& arguments) {
  v1::CancelOperationRequest request;
  request.set_id(*arguments.Text("ID"));
  return CallAndShow(session, request, &v1::CancelOperationResponse::operation);
}

}  // namespace

std::vector<Command> OperationCommands() {
  const Positional id = {"ID", "the operation", "operation"};
  return {{"operation",
           "get",
           "Shows an operation with its steps",
           {id},
           {},
           {"cachectl operation get op-0a1b2c", "cachectl operation get op-0a1b2c -o json"},
           RunGet},
          {"operation",
           "list",
           "Lists operations, the newest first",
           {},
           {{"cluster", FlagKind::kText, "NAME", "only those of this cluster", {}, "cluster"}},
           {"cachectl operation list", "cachectl operation list --cluster orders"},
           RunList},
          {"operation",
           "wait",
           "Waits for the end of an operation",
           {id},
           {{"timeout", FlagKind::kDuration, "TIME", "wait at most this long, such as 90s (default 5m)"}},
           {"cachectl operation wait op-0a1b2c", "cachectl operation wait op-0a1b2c --timeout 90s -o json"},
           RunWait},
          {"operation",
           "cancel",
           "Asks a modification to take itself back, or a reboot to leave the remaining nodes alone; what is queued "
           "ends at once",
           {id},
           {},
           {"cachectl operation cancel op-0a1b2c", "cachectl operation cancel op-0a1b2c -o json"},
           RunCancel}};
}

}  // namespace cacheplane::cli
