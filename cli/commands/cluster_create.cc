#include <fmt/format.h>

#include <istream>
#include <iterator>

#include "cacheplane/v1/cluster.pb.h"
#include "cli/args/values.h"
#include "cli/client/control_plane.h"
#include "cli/commands/cluster_spec.h"
#include "cli/commands/commands.h"
#include "cli/commands/follow.h"
#include "cli/output/json.h"
#include "common/file.h"

namespace cacheplane::cli {
namespace {

std::vector<Flag> Flags() {
  std::vector<Flag> flags = SpecFlags();
  for (Flag& flag : flags) {
    if (flag.name == "node-type") flag.help += "; required, here or in --file";
  }
  flags.push_back({"form",
                   FlagKind::kText,
                   "FORM",
                   "cache-cluster: one node on its own, which never has a replica",
                   {"replication-group", "cache-cluster"}});
  flags.push_back({"tag", FlagKind::kList, "KEY=VALUE", "a tag; may be repeated"});
  flags.push_back(
      {"file", FlagKind::kText, "SPEC.JSON", "a ClusterSpec as JSON (- is standard input); flags win over it"});
  const std::vector<Flag> change = ChangeFlags();
  flags.insert(flags.end(), change.begin(), change.end());
  return flags;
}

Result<std::string> ReadSpecFile(Session& session, const std::string& path) {
  if (path != "-") return ReadFile(path);
  return std::string(std::istreambuf_iterator<char>(session.host().in), {});
}

Status FillFromFile(Session& session, const std::string& path, v1::ClusterSpec* spec) {
  Result<std::string> text = ReadSpecFile(session, path);
  if (!text.ok()) return Annotate(text.error(), path);
  const Status parsed = FromJson(*text, *spec);
  if (!parsed.ok()) return Annotate(parsed.error(), path);
  return {};
}

Result<v1::CreateClusterRequest> BuildRequest(Session& session, const Arguments& arguments) {
  v1::CreateClusterRequest request;
  request.set_name(*arguments.Text("NAME"));
  request.set_request_id(arguments.TextOr("request-id", ""));
  request.set_validate_only(arguments.Has("validate-only"));
  request.set_form(arguments.TextOr("form", ""));
  v1::ClusterSpec* spec = request.mutable_spec();
  if (const auto path = arguments.Text("file")) CP_RETURN_IF_ERROR(FillFromFile(session, *path, spec));
  ApplySpecFlags(arguments, spec);
  CP_ASSIGN_OR_RETURN(const auto tags, ParseTags(arguments.List("tag")));
  for (const auto& [key, value] : tags) (*spec->mutable_tags())[key] = value;
  return request;
}

ExitCode Run(Session& session, const Arguments& arguments) {
  const Result<v1::CreateClusterRequest> request = BuildRequest(session, arguments);
  if (!request.ok()) return session.FailUsage(request.error().message, "");
  v1::CreateClusterResponse response;
  const Status status = session.control_plane().Call(*request, &response);
  if (!status.ok()) return session.Fail(status.error());
  return FinishClusterChange(session, arguments, response.cluster(), response.mutable_operation());
}

}  // namespace

Command ClusterCreateCommand() {
  return {"cluster",
          "create",
          "Creates a cluster and waits until it serves",
          {{"NAME", "1 to 40 letters, digits and hyphens, a letter first"}},
          Flags(),
          {"cachectl cluster create orders --node-type cache.t4g.small --replicas 2 --multi-az",
           "cachectl cluster create orders --file orders.json --tag team=core --no-wait"},
          Run};
}

}  // namespace cacheplane::cli
