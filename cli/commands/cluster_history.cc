#include <fmt/format.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/cluster_spec.h"
#include "cli/commands/commands.h"
#include "cli/commands/follow.h"

namespace cacheplane::cli {
namespace {

ExitCode RunHistory(Session& session, const Arguments& arguments) {
  v1::ListClusterRevisionsRequest request;
  request.set_name(*arguments.Text("NAME"));
  return PrintList<v1::ListClusterRevisionsResponse>(session, request);
}

std::vector<Flag> RollbackFlags() {
  using enum FlagKind;
  std::vector<Flag> flags = {{"to-revision", kNumber, "N",
                              "the revision whose definition comes back; required (`cluster history` lists them)"},
                             {"apply-immediately", kSwitch, "",
                              "another engine version, node type or parameter group, and other replicas, port or "
                              "subnet group (which need it), at once and not in the maintenance window"},
                             {"etag", kText, "ETAG", "only if the cluster still has this etag"},
                             CheckRevisionFlag()};
  const std::vector<Flag> change = ChangeFlags();
  flags.insert(flags.end(), change.begin(), change.end());
  return flags;
}

// Whether it is not kept or cannot be had as a whole.
ExitCode Refused(Session& session, const std::string& cluster, const Error& error) {
  const bool as_asked = error.code == ErrorCode::kNotFound || error.code == ErrorCode::kInvalidArgument ||
                        error.code == ErrorCode::kFailedPrecondition;
  if (!as_asked) return session.Fail(error);
  return session.Fail(error,
                      fmt::format("`cachectl cluster history {}` shows what each revision changed, and `cachectl "
                                  "cluster modify` changes single fields back",
                                  cluster));
}

ExitCode RunRollback(Session& session, const Arguments& arguments) {
  if (!arguments.Has("to-revision")) {
    return session.FailUsage("--to-revision is required", "`cachectl cluster history NAME` lists the revisions");
  }
  v1::RollbackClusterRequest request;
  request.set_name(*arguments.Text("NAME"));
  request.set_revision(*arguments.Number("to-revision"));
  request.set_apply_immediately(arguments.Has("apply-immediately"));
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_check_revision(arguments.Number("check-revision").value_or(0));
  request.set_request_id(arguments.TextOr("request-id", ""));
  request.set_validate_only(arguments.Has("validate-only"));
  v1::RollbackClusterResponse response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return Refused(session, request.name(), status.error());
  if (request.validate_only()) return ShowRedefinition(session, response);
  return FinishClusterChange(session, arguments, response.cluster(), response.mutable_operation());
}

}  // namespace

Command ClusterHistoryCommand() {
  return {"cluster",
          "history",
          "Lists the definitions that a cluster had, newest first, and what each changed",
          {{"NAME", "the cluster", "cluster"}},
          {},
          {"cachectl cluster history orders", "cachectl cluster history orders -o json"},
          RunHistory};
}

Command ClusterRollbackCommand() {
  return {"cluster",
          "rollback",
          "Makes the definition what it was in an earlier revision, as modify would, and waits until that is done",
          {{"NAME", "the cluster", "cluster"}},
          RollbackFlags(),
          {"cachectl cluster rollback orders --to-revision 3 --validate-only",
           "cachectl cluster rollback orders --to-revision 3 --apply-immediately --check-revision 5"},
          RunRollback};
}

}  // namespace cacheplane::cli
