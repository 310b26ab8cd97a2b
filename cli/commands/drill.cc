// drill: faults on purpose, while a client of the cluster measures what they cost.
#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cli/client/write_probe.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"
#include "cli/commands/follow.h"
#include "common/random_id.h"

namespace cacheplane::cli {
namespace {

using std::chrono::milliseconds;

constexpr const char* kTag = "cacheplane:drills";
constexpr const char* kAllowed = "allowed";
// Writes before the fault and after its end, so that the gap lies between acknowledged ones.
constexpr milliseconds kBefore(500);
constexpr milliseconds kAfter(500);
constexpr milliseconds kLongestStart(2000);
constexpr milliseconds kLongestRecovery(10'000);
constexpr milliseconds kLook(10);

struct Outcome {
  v1::Cluster before;
  v1::Operation operation;
  v1::Cluster after;
  WriteLedger writes;
};

double Millis(std::chrono::microseconds duration) { return static_cast<double>(duration.count()) / 1000; }

std::string PrimaryOf(const v1::Cluster& cluster) {
  for (const v1::Shard& shard : cluster.shards()) {
    for (const v1::Node& node : shard.nodes()) {
      if (node.role() == "primary") return node.name();
    }
  }
  return {};
}

Status CheckMayDrill(const v1::Cluster& cluster) {
  const auto tag = cluster.spec().tags().find(kTag);
  if (tag == cluster.spec().tags().end() || tag->second != kAllowed) {
    return FailedPrecondition(fmt::format("cluster {} does not allow drills", cluster.name()));
  }
  if (!cluster.primary_endpoint().address().empty()) return {};
  return FailedPrecondition(
      fmt::format("cluster {} is {} and has no primary endpoint", cluster.name(), cluster.status()));
}

WriteProbe::Options ProbeOf(const v1::Cluster& cluster) {
  return {.address = cluster.primary_endpoint().address(),
          .port = cluster.primary_endpoint().port(),
          .key = "cacheplane:drill:" + RandomHex(16)};
}

// Until writes have gone through for a while. kFailedPrecondition when they do not.
Status AwaitWrites(Session& session, const WriteProbe& probe) {
  const Clock& clock = session.host().clock;
  const MonoTime start = clock.Mono();
  while (clock.Mono() - start < kBefore || probe.ledger().acknowledged() == 0) {
    if (clock.Mono() - start > kLongestStart) {
      return FailedPrecondition(fmt::format("no write goes through the primary endpoint, so nothing was killed: {}",
                                            probe.ledger().first_failure()));
    }
    session.control_plane().Pause(kLook);
  }
  return {};
}

// Until writes go through again after the end of the operation, and for a while longer.
void AwaitRecovery(Session& session, const WriteProbe& probe) {
  const Clock& clock = session.host().clock;
  const MonoTime start = clock.Mono();
  const std::int64_t before = probe.ledger().acknowledged();
  while (clock.Mono() - start < kAfter || probe.ledger().acknowledged() == before) {
    if (session.control_plane().cancelled() || clock.Mono() - start > kLongestRecovery) return;
    session.control_plane().Pause(kLook);
  }
}

std::string Sentences(const Outcome& outcome) {
  std::string text = EscapeControl(fmt::format("{} was killed, {} is the primary of {} now", outcome.operation.node(),
                                               PrimaryOf(outcome.after), outcome.after.name())) +
                     "\n";
  const WriteLedger& writes = outcome.writes;
  text += fmt::format("longest gap between two acknowledged writes: {:.1f} ms\n", Millis(writes.longest_gap()));
  text += fmt::format("{} writes acknowledged, {} failed, {} acknowledged ones lost\n", writes.acknowledged(),
                      writes.failed(), writes.lost());
  if (!writes.first_failure().empty()) text += EscapeControl("first failure: " + writes.first_failure()) + "\n";
  return text;
}

google::protobuf::Struct ToStruct(const Outcome& outcome) {
  google::protobuf::Struct document;
  const auto set = [&document](const char* name) -> google::protobuf::Value& {
    return (*document.mutable_fields())[name];
  };
  set("operation").set_string_value(outcome.operation.id());
  set("status").set_string_value(outcome.operation.status());
  set("killed").set_string_value(outcome.operation.node());
  set("primary").set_string_value(PrimaryOf(outcome.after));
  set("longest_gap_ms").set_number_value(Millis(outcome.writes.longest_gap()));
  set("acknowledged_writes").set_number_value(static_cast<double>(outcome.writes.acknowledged()));
  set("failed_writes").set_number_value(static_cast<double>(outcome.writes.failed()));
  set("lost_writes").set_number_value(static_cast<double>(outcome.writes.lost()));
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
  if (const Status writing = AwaitWrites(session, probe); !writing.ok()) return session.Fail(writing.error(), "");
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
  if (const Status may = CheckMayDrill(*before); !may.ok()) {
    return session.Fail(may.error(), fmt::format("allow them: `cachectl cluster modify {} --tag {}={}`", before->name(),
                                                 kTag, kAllowed));
  }
  outcome.before = std::move(*before);
  const ExitCode code = Kill(session, arguments, outcome);
  if (code != ExitCode::kOk && code != ExitCode::kOperationFailed) return code;
  Result<v1::Cluster> after = ReadCluster(session, outcome.before.name());
  if (after.ok()) outcome.after = std::move(*after);
  ShowOutcome(session, outcome);
  return code;
}

}  // namespace

std::vector<Command> DrillCommands() {
  return {{"drill",
           "kill-node",
           "Kills the process of a cluster's primary while a client writes, and tells what that cost the client",
           {{"NAME", "the cluster; its tag cacheplane:drills must be \"allowed\"", "cluster"}},
           {{"timeout", FlagKind::kDuration, "TIME", "wait at most this long, such as 90s (default 5m)"}},
           {"cachectl drill kill-node orders", "cachectl drill kill-node orders -o json"},
           RunKillNode}};
}

}  // namespace cacheplane::cli
