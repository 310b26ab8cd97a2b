#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/cluster_spec.h"
#include "cli/commands/commands.h"
#include "cli/commands/follow.h"

namespace cacheplane::cli {
namespace {

std::vector<Flag> Flags() {
  std::vector<Flag> flags = {
      {"to", FlagKind::kText, "VERSION", "refused unless a node is older and gets this patch level or a newer one"},
      {"etag", FlagKind::kText, "ETAG", "only if the cluster still has this etag"}};
  const std::vector<Flag> change = ChangeFlags();
  flags.insert(flags.end(), change.begin(), change.end());
  return flags;
}

ExitCode Run(Session& session, const Arguments& arguments) {
  v1::UpdateNodesRequest request;
  request.set_name(*arguments.Text("NAME"));
  request.set_version(arguments.TextOr("to", ""));
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  request.set_validate_only(arguments.Has("validate-only"));
  v1::UpdateNodesResponse response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  if (request.validate_only()) return ShowPlan(session, response, "no node would be made anew");
  return FinishClusterChange(session, arguments, response.cluster(), response.mutable_operation());
}

}  // namespace

Command ClusterUpdateCommand() {
  return {"cluster",
          "update",
          "Gives nodes the newest patch level that their hosts have, one by one with all their data, the primary after "
          "a switchover, and waits",
          {{"NAME", "the cluster", "cluster"}},
          Flags(),
          {"cachectl cluster update orders", "cachectl cluster update orders --to 8.0.10 --no-wait"},
          Run};
}

}  // namespace cacheplane::cli
