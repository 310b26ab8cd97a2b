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
      {"node", FlagKind::kList, "NODE", "this node alone; may be repeated (default: all)", {}, "node"},
      {"etag", FlagKind::kText, "ETAG", "only if the cluster still has this etag"}};
  const std::vector<Flag> change = ChangeFlags();
  flags.insert(flags.end(), change.begin(), change.end());
  return flags;
}

ExitCode Run(Session& session, const Arguments& arguments) {
  v1::RebootClusterRequest request;
  request.set_name(*arguments.Text("NAME"));
  for (const std::string& node : arguments.List("node")) request.add_nodes(node);
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  request.set_validate_only(arguments.Has("validate-only"));
  v1::RebootClusterResponse response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  if (request.validate_only()) return ShowPlan(session, response, "no node would be restarted");
  return FinishClusterChange(session, arguments, response.cluster(), response.mutable_operation());
}

}  // namespace

Command ClusterRebootCommand() {
  return {"cluster",
          "reboot",
          "Restarts nodes one by one with all their data, the primary after a switchover, and waits; a lone node is "
          "replaced "
          "by one of another name",
          {{"NAME", "the cluster", "cluster"}},
          Flags(),
          {"cachectl cluster reboot orders", "cachectl cluster reboot orders --node orders-002 --no-wait"},
          Run};
}

}  // namespace cacheplane::cli
