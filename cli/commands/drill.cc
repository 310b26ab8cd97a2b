// drill: faults on purpose, while a client of the cluster measures what they cost.
#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"
#include "cli/commands/drill_fault.h"
#include "cli/commands/drill_probe.h"
#include "cli/commands/follow.h"

namespace cacheplane::cli {
namespace {

struct Outcome {
  v1::Cluster before;
  v1::Operation operation;
  v1::Cluster after;
  WriteLedger writes;
};

std::string Sentences(const Outcome& outcome) {
  return EscapeControl(fmt::format("{} was killed, {} is the primary of {} now", outcome.operation.node(),
                                   PrimaryOf(outcome.after), outcome.after.name())) +
         "\n" + WritesInWords(outcome.writes);
}

google::protobuf::Struct ToStruct(const Outcome& outcome) {
  google::protobuf::Struct document;
  const auto set = [&document](const char* name, const std::string& value) {
    (*document.mutable_fields())[name].set_string_value(value);
  };
  set("operation", outcome.operation.id());
  set("status", outcome.operation.status());
  set("killed", outcome.operation.node());
  set("primary", PrimaryOf(outcome.after));
  AddWrites(outcome.writes, document);
  return document;
}

void ShowOutcome(Session& session, const Outcome& outcome) {
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(ToStruct(outcome))); break;
    case OutputFormat::kTable: session.Print(Sentences(outcome)); break;
    case OutputFormat::kNames: session.Print(EscapeControl(PrimaryOf(outcome.after)) + "\n"); break;
  }
}

ExitCode Kill(Session& session, const Arguments& arguments, Outcome& outcome) {
  WriteProbe probe(ProbeOf(outcome.before));
  const Status writing = AwaitWrites(session, probe, "nothing was killed");
  if (!writing.ok()) return session.Fail(writing.error(), "");
  v1::TestFailoverRequest request;
  request.set_name(outcome.before.name());
  v1::TestFailoverResponse response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  outcome.operation = std::move(*response.mutable_operation());
  const ExitCode code = FollowOperation(session, arguments, &outcome.operation);
  AwaitRecovery(session, probe);
  outcome.writes = probe.Stop();
  return code;
}

ExitCode RunKillNode(Session& session, const Arguments& arguments) {
  Outcome outcome;
  Result<v1::Cluster> before = ReadCluster(session, *arguments.Text("NAME"));
  if (!before.ok()) return session.Fail(before.error());
  if (const ExitCode may = CheckMayDrill(session, *before); may != ExitCode::kOk) return may;
  outcome.before = std::move(*before);
  const ExitCode code = Kill(session, arguments, outcome);
  if (code != ExitCode::kOk && code != ExitCode::kOperationFailed) return code;
  Result<v1::Cluster> after = ReadCluster(session, outcome.before.name());
  if (after.ok()) outcome.after = std::move(*after);
  ShowOutcome(session, outcome);
  return code;
}

const Flag kTimeout{"timeout", FlagKind::kDuration, "TIME", "wait at most this long, such as 90s (default 5m)"};
const Positional kCluster{"NAME", "the cluster; its tag cacheplane:drills must be \"allowed\"", "cluster"};

Flag For(const char* fallback) {
  return {"for", FlagKind::kDuration, "TIME", fmt::format("how long, 1s to 60s (default {})", fallback)};
}

}  // namespace

std::vector<Command> DrillCommands() {
  return {{"drill",
           "kill-node",
           "Kills the process of a cluster's primary while a client writes, and tells what that cost the client",
           {kCluster},
           {kTimeout},
           {"cachectl drill kill-node orders", "cachectl drill kill-node orders -o json"},
           RunKillNode},
          {"drill",
           "pause-node",
           "Stops the process of a node for a while, as one that hangs, while a client writes",
           {kCluster},
           {{"node", FlagKind::kText, "NODE", "which (default: the primary)", {}, "node"}, For("5s"), kTimeout},
           {"cachectl drill pause-node orders", "cachectl drill pause-node orders --node orders-002 --for 2s"},
           RunPauseNode},
          {"drill",
           "cut-host",
           "Cuts an agent and its engines off from everybody for a while; every cluster there must allow drills",
           {kCluster},
           {{"host", FlagKind::kText, "AGENT", "which (default: the primary's)", {}, "agent"}, For("10s"), kTimeout},
           {"cachectl drill cut-host orders", "cachectl drill cut-host orders --host agent-b --for 5s"},
           RunCutHost},
          {"drill",
           "lose-zone",
           "Cuts every agent of a zone off for a while; every cluster there must allow drills",
           {{"ZONE", "which (default: where the primary of --cluster is)", "", {}, true}},
           {{"cluster", FlagKind::kText, "NAME", "whose client writes (default: one that is hit)", {}, "cluster"},
            For("10s"),
            kTimeout},
           {"cachectl drill lose-zone us-east-1a", "cachectl drill lose-zone --cluster orders --for 20s"},
           RunLoseZone}};
}

}  // namespace cacheplane::cli
