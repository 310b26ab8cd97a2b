// cluster switchover and cluster test-failover: who is primary changes.
#include <fmt/format.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/cluster_spec.h"
#include "cli/commands/commands.h"
#include "cli/commands/follow.h"

namespace cacheplane::cli {
namespace {

constexpr const char* kFirstShard = "0001";

std::vector<Flag> Flags(std::vector<Flag> own) {
  own.push_back({"from", FlagKind::kText, "NODE", "only if this node is the primary", {}, "node"});
  own.push_back({"shard", FlagKind::kText, "SHARD", "the shard concerned (default 0001)"});
  const std::vector<Flag> change = ChangeFlags();
  own.insert(own.end(), change.begin(), change.end());
  return own;
}

// Name of the shard's primary; empty when the cluster has no such shard.
std::string PrimaryOf(const v1::Cluster& cluster, const std::string& shard_text) {
  const std::string id = fmt::format("{:0>4}", shard_text);  // "1" is understood as well
  for (const v1::Shard& shard : cluster.shards()) {
    if (shard.id() != id) continue;
    for (const v1::Node& node : shard.nodes()) {
      if (node.role() == "primary") return node.name();
    }
  }
  return {};
}

// What the operation measured: "writes were paused 2.1 ms".
std::string WriteGap(const v1::Operation& operation) {
  for (const v1::OperationStep& step : operation.steps()) {
    if (step.detail().find("writes were") != std::string::npos) return step.detail();
  }
  return {};
}

std::string Sentences(const v1::Operation& operation, const std::string& cluster, const std::string& primary) {
  std::string text = EscapeControl(fmt::format("{} is the primary of {} now", primary, cluster)) + "\n";
  if (const std::string gap = WriteGap(operation); !gap.empty()) text += EscapeControl(gap) + "\n";
  return text;
}

// `response` holds the cluster and the operation as they are by now.
template <typename Response>
void ShowPrimary(Session& session, const Response& response, const std::string& shard) {
  const std::string primary = PrimaryOf(response.cluster(), shard);
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(response)); break;
    case OutputFormat::kNames: session.Print(EscapeControl(primary) + "\n"); break;
    case OutputFormat::kTable:
      session.Print(Sentences(response.operation(), response.cluster().name(), primary));
      break;
  }
}

// Checked only: there is no operation to show.
template <typename Response>
ExitCode ShowSuccession(Session& session, const Response& response) {
  const v1::Succession& succession = response.succession();
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(response)); break;
    case OutputFormat::kNames: session.Print(EscapeControl(succession.successor()) + "\n"); break;
    case OutputFormat::kTable:
      session.Print(EscapeControl(fmt::format("{} would take over from {}, because {}", succession.successor(),
                                              succession.primary(), succession.reason())) +
                    "\n");
      for (const std::string& other : succession.passed_over()) {
        session.Print("passed over: " + EscapeControl(other) + "\n");
      }
      break;
  }
  return ExitCode::kOk;
}

// Waits as asked, then tells who is primary; also after a failure, for then it is in question.
template <typename Response>
ExitCode Finish(Session& session, const Arguments& arguments, Response& response) {
  if (arguments.Has("validate-only")) return ShowSuccession(session, response);
  if (!ShouldFollow(session, arguments, response.operation())) {
    if (session.format() == OutputFormat::kJson) {
      session.Print(ToJson(response));
      return ExitCode::kOk;
    }
    return Show(session, response.operation());
  }
  const ExitCode code = FollowOperation(session, arguments, response.mutable_operation());
  if (code != ExitCode::kOk && code != ExitCode::kOperationFailed) return code;
  Result<v1::Cluster> now = ReadCluster(session, response.operation().target());
  // The failure of the operation has been told already and matters more.
  if (!now.ok()) return code == ExitCode::kOk ? session.Fail(now.error()) : code;
  *response.mutable_cluster() = std::move(*now);
  ShowPrimary(session, response, arguments.TextOr("shard", kFirstShard));
  return code;
}

template <typename Response, typename Request>
ExitCode Change(Session& session, const Arguments& arguments, Request& request) {
  // As from variables that are not set: that is no reason to change the primary.
  for (const char* flag : {"to", "from"}) {
    if (arguments.Text(flag) != "") continue;
    return session.Fail(InvalidArgument(fmt::format("--{}: \"\" is no node", flag)), "");
  }
  request.set_name(*arguments.Text("NAME"));
  request.set_expected_primary(arguments.TextOr("from", ""));
  request.set_shard(arguments.TextOr("shard", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  request.set_validate_only(arguments.Has("validate-only"));
  Response response;
  const Status status = session.control_plane().Call(request, &response);
  return status.ok() ? Finish(session, arguments, response) : session.Fail(status.error());
}

ExitCode RunSwitchover(Session& session, const Arguments& arguments) {
  v1::SwitchoverClusterRequest request;
  request.set_node(arguments.TextOr("to", ""));
  request.set_etag(arguments.TextOr("etag", ""));
  return Change<v1::SwitchoverClusterResponse>(session, arguments, request);
}

ExitCode RunTestFailover(Session& session, const Arguments& arguments) {
  v1::TestFailoverRequest request;
  return Change<v1::TestFailoverResponse>(session, arguments, request);
}

}  // namespace

Command ClusterSwitchoverCommand() {
  return {
      "cluster",
      "switchover",
      "Makes a replica the primary, without losing a write of one that serves, and waits",
      {{"NAME", "the cluster", "cluster"}},
      Flags({{"to", FlagKind::kText, "NODE", "the replica (default: the one that holds most)", {}, "node"},
             {"etag", FlagKind::kText, "ETAG", "only if the cluster still has this etag"}}),
      {"cachectl cluster switchover orders", "cachectl cluster switchover orders --from orders-001 --to orders-002"},
      RunSwitchover};
}

Command ClusterTestFailoverCommand() {
  return {"cluster",
          "test-failover",
          "Kills the primary's process as a test and waits until a replica has taken over",
          {{"NAME", "the cluster", "cluster"}},
          Flags({}),
          {"cachectl cluster test-failover orders", "cachectl cluster test-failover orders --no-wait -o json"},
          RunTestFailover};
}

}  // namespace cacheplane::cli
