#include "cacheplane/v1/cluster.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

ExitCode RunDescribe(Session& session, const Arguments& arguments) {
  v1::GetClusterRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndShow(session, request, &v1::GetClusterResponse::cluster);
}

ExitCode RunList(Session& session, const Arguments&) {
  return PrintList<v1::ListClustersResponse>(session, v1::ListClustersRequest());
}

}  // namespace

Command ClusterDescribeCommand() {
  return {"cluster",
          "describe",
          "Shows a cluster with its endpoints and nodes",
          {{"NAME", "the cluster", "cluster"}},
          {},
          {"cachectl cluster describe orders", "cachectl cluster describe orders -o json"},
          RunDescribe};
}

Command ClusterListCommand() {
  return {"cluster", "list", "Lists the clusters", {}, {}, {"cachectl cluster list", "cachectl cluster list -o names"},
          RunList};
}

}  // namespace cacheplane::cli
