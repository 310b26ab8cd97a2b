#include <fmt/format.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/cluster_spec.h"
#include "cli/commands/commands.h"
#include "cli/commands/confirm.h"
#include "cli/commands/follow.h"

namespace cacheplane::cli {
namespace {

std::vector<Flag> Flags() {
  std::vector<Flag> flags = {{"yes", FlagKind::kSwitch, "", "do not ask"},
                             {"etag", FlagKind::kText, "ETAG", "only if the cluster still has this etag"}};
  const std::vector<Flag> change = ChangeFlags();
  flags.insert(flags.end(), change.begin(), change.end());
  return flags;
}

v1::DeleteClusterRequest BuildRequest(const Arguments& arguments) {
  v1::DeleteClusterRequest request;
  request.set_name(*arguments.Text("NAME"));
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  request.set_validate_only(arguments.Has("validate-only"));
  return request;
}

ExitCode FinishDelete(Session& session, const Arguments& arguments, v1::DeleteClusterResponse& response) {
  // Checked only: there is no operation to show.
  NoteCheckedOnly(session, arguments);
  if (response.operation().id().empty()) return Show(session, response.cluster());
  if (!ShouldFollow(session, arguments, response.operation())) return Show(session, response.operation());
  const ExitCode code = FollowOperation(session, arguments, response.mutable_operation());
  if (code != ExitCode::kOk && code != ExitCode::kOperationFailed) return code;
  if (code == ExitCode::kOk && session.format() == OutputFormat::kTable) {
    session.Print(fmt::format("cluster {} deleted\n", EscapeControl(response.operation().target())));
    return code;
  }
  Show(session, response.operation());
  return code;
}

ExitCode Run(Session& session, const Arguments& arguments) {
  const v1::DeleteClusterRequest request = BuildRequest(arguments);
  if (!arguments.Has("yes") && !request.validate_only()) {
    const Status confirmed = ConfirmByName(session.host(), request.name(),
                                           fmt::format("deletes cluster \"{}\" and its data", request.name()));
    if (!confirmed.ok()) return session.FailUsage(confirmed.error().message, "");
  }
  v1::DeleteClusterResponse response;
  const Status status = session.control_plane().Call(request, &response);
  return status.ok() ? FinishDelete(session, arguments, response) : session.Fail(status.error());
}

}  // namespace

Command ClusterDeleteCommand() {
  return {"cluster",
          "delete",
          "Deletes a cluster and its data and waits until it is gone",
          {{"NAME", "the cluster", "cluster"}},
          Flags(),
          {"cachectl cluster delete orders", "cachectl cluster delete orders --yes --no-wait"},
          Run};
}

}  // namespace cacheplane::cli
