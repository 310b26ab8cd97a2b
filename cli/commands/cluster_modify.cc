#include <fmt/format.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cli/args/values.h"
#include "cli/client/control_plane.h"
#include "cli/commands/answer.h"
#include "cli/commands/cluster_spec.h"
#include "cli/commands/commands.h"
#include "cli/commands/follow.h"

namespace cacheplane::cli {
namespace {

constexpr int kTagAttempts = 5;

std::vector<Flag> Flags() {
  using enum FlagKind;
  std::vector<Flag> flags = ModifyFlags();
  flags.push_back({"tag", kList, "KEY=VALUE", "adds or replaces a tag; may be repeated"});
  flags.push_back({"untag", kList, "KEY", "removes a tag; may be repeated"});
  flags.push_back({"remove", kList, "NODE", "a replica that goes, with fewer --replicas; may be repeated"});
  flags.push_back({"etag", kText, "ETAG", "only if the cluster still has this etag"});
  flags.push_back(CheckRevisionFlag());
  flags.push_back(
      {"apply-immediately", kSwitch, "",
       "another engine, version, node type or parameter group, --replicas, --port and --subnet-group (which "
       "need it), and what waits already, at once and not in the maintenance window"});
  const std::vector<Flag> change = ChangeFlags();
  flags.insert(flags.end(), change.begin(), change.end());
  return flags;
}

bool ChangesTags(const Arguments& arguments) { return arguments.Has("tag") || arguments.Has("untag"); }

Result<v1::ModifyClusterRequest> BuildRequest(const Arguments& arguments) {
  v1::ModifyClusterRequest request;
  request.set_name(*arguments.Text("NAME"));
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_check_revision(arguments.Number("check-revision").value_or(0));
  request.set_request_id(arguments.TextOr("request-id", ""));
  request.set_validate_only(arguments.Has("validate-only"));
  request.set_apply_immediately(arguments.Has("apply-immediately"));
  for (const std::string& name : arguments.List("remove")) request.add_replicas_to_remove(name);
  for (std::string& path : ApplySpecFlags(arguments, request.mutable_spec())) {
    request.mutable_update_mask()->add_paths(std::move(path));
  }
  if (ChangesTags(arguments)) request.mutable_update_mask()->add_paths("tags");
  if (request.update_mask().paths().empty()) return InvalidArgument("nothing to change was given");
  CP_ASSIGN_OR_RETURN(const auto tags, ParseTags(arguments.List("tag")));
  for (const auto& [key, value] : tags) (*request.mutable_spec()->mutable_tags())[key] = value;
  return request;
}

// The mask replaces all tags, so the others are read first; the etag makes sure that none is lost in between.
Status MergeTags(Session& session, const Arguments& arguments, v1::ModifyClusterRequest* request) {
  v1::GetClusterRequest question;
  question.set_name(request->name());
  v1::GetClusterResponse answer;
  CP_RETURN_IF_ERROR(session.control_plane().Call(question, &answer));
  auto tags = answer.cluster().spec().tags();
  for (const std::string& key : arguments.List("untag")) tags.erase(key);
  for (const auto& [key, value] : request->spec().tags()) tags[key] = value;
  *request->mutable_spec()->mutable_tags() = tags;
  if (request->etag().empty()) request->set_etag(answer.cluster().etag());
  return {};
}

Status Modify(Session& session, const Arguments& arguments, const v1::ModifyClusterRequest& request,
              v1::ModifyClusterResponse* response) {
  if (!ChangesTags(arguments)) return session.control_plane().Call(request, response);
  for (int attempt = 1;; ++attempt) {
    v1::ModifyClusterRequest merged = request;
    CP_RETURN_IF_ERROR(MergeTags(session, arguments, &merged));
    const Status status = session.control_plane().Call(merged, response);
    const bool lost_race = !status.ok() && status.error().code == ErrorCode::kAborted;
    // An etag or revision of the user's own is a promise to fail.
    const bool conditional = arguments.Has("etag") || arguments.Has("check-revision");
    if (!lost_race || conditional || attempt == kTagAttempts) return status;
  }
}

ExitCode Run(Session& session, const Arguments& arguments) {
  const Result<v1::ModifyClusterRequest> request = BuildRequest(arguments);
  if (!request.ok()) return session.FailUsage(request.error().message, "see `cachectl cluster modify --help`");
  v1::ModifyClusterResponse response;
  const Status status = Modify(session, arguments, *request, &response);
  if (!status.ok()) return session.Fail(status.error());
  return FinishClusterChange(session, arguments, response.cluster(), response.mutable_operation());
}

ExitCode Plan(Session& session, const Arguments& arguments) {
  Result<v1::ModifyClusterRequest> request = BuildRequest(arguments);
  if (!request.ok()) return session.FailUsage(request.error().message, "see `cachectl cluster plan --help`");
  request->set_validate_only(true);
  v1::ModifyClusterResponse response;
  const Status status = Modify(session, arguments, *request, &response);
  if (!status.ok()) return session.Fail(status.error());
  return ShowRedefinition(session, response);
}

}  // namespace

Command ClusterPlanCommand() {
  return {"cluster",
          "plan",
          "Shows what `cluster modify` with the same flags would do, and does nothing",
          {{"NAME", "the cluster", "cluster"}},
          Flags(),
          {"cachectl cluster plan orders --engine-version 8.1 --apply-immediately",
           "cachectl cluster plan orders --replicas 1 --remove orders-002 --apply-immediately"},
          Plan};
}

Command ClusterModifyCommand() {
  return {"cluster",
          "modify",
          "Changes the fields whose flags are given and waits until that is done",
          {{"NAME", "the cluster", "cluster"}},
          Flags(),
          {"cachectl cluster modify orders --engine-version 8.1 --replicas 3 --apply-immediately",
           "cachectl cluster modify orders --tag team=core --untag owner --deletion-protection"},
          Run};
}

}  // namespace cacheplane::cli
