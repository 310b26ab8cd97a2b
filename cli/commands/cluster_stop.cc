// cluster stop and cluster start.
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

std::vector<Flag> Flags(std::vector<Flag> flags) {
  flags.push_back({"etag", FlagKind::kText, "ETAG", "only if the cluster still has this etag"});
  const std::vector<Flag> change = ChangeFlags();
  flags.insert(flags.end(), change.begin(), change.end());
  return flags;
}

template <typename Request>
Request BuildRequest(const Arguments& arguments) {
  Request request;
  request.set_name(*arguments.Text("NAME"));
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  request.set_validate_only(arguments.Has("validate-only"));
  return request;
}

template <typename Response, typename Request>
ExitCode CallAndFinish(Session& session, const Arguments& arguments, const Request& request) {
  Response response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  return FinishClusterChange(session, arguments, response.cluster(), response.mutable_operation());
}

ExitCode RunStop(Session& session, const Arguments& arguments) {
  const auto request = BuildRequest<v1::StopClusterRequest>(arguments);
  if (!arguments.Has("yes") && !request.validate_only()) {
    const Status confirmed = ConfirmByName(session.host(), request.name(),
                                           fmt::format("ends all processes of cluster \"{}\"", request.name()));
    if (!confirmed.ok()) return session.FailUsage(confirmed.error().message, "");
  }
  return CallAndFinish<v1::StopClusterResponse>(session, arguments, request);
}

ExitCode RunStart(Session& session, const Arguments& arguments) {
  return CallAndFinish<v1::StartClusterResponse>(session, arguments, BuildRequest<v1::StartClusterRequest>(arguments));
}

}  // namespace

std::vector<Command> ClusterStopCommands() {
  const Positional name = {"NAME", "the cluster", "cluster"};
  return {{"cluster",
           "stop",
           "Ends all processes of a cluster, their data saved, and waits; `cluster start` brings it back",
           {name},
           Flags({{"yes", FlagKind::kSwitch, "", "do not ask"}}),
           {"cachectl cluster stop orders", "cachectl cluster stop orders --yes --no-wait"},
           RunStop},
          {"cluster",
           "start",
           "Starts a cluster that was stopped, with its data, and waits until it is available",
           {name},
           Flags({}),
           {"cachectl cluster start orders", "cachectl cluster start orders --no-wait"},
           RunStart}};
}

}  // namespace cacheplane::cli
