#include "cli/commands/drill_fault.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/drill.pb.h"
#include "cli/client/interrupt.h"
#include "cli/commands/answer.h"
#include "cli/commands/drill_probe.h"
#include "cli/commands/follow.h"

namespace cacheplane::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience(5 * 60'000);
constexpr milliseconds kLook(100);
// An agent makes the fault within this of its answer.
constexpr milliseconds kBegins(100);

struct FaultReport {
  v1::Drill drill;
  v1::Cluster before;
  v1::Cluster after;
  WriteLedger writes;
};

milliseconds DurationOf(const v1::Drill& drill) {
  return milliseconds(drill.duration().seconds() * 1000 + drill.duration().nanos() / 1'000'000);
}

template <typename Names>
std::string Listed(const Names& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string Hit(const v1::Drill& drill) {
  return fmt::format("{} on {}, of {}", Listed(drill.nodes()), Listed(drill.agents()), Listed(drill.clusters()));
}

std::string Sentences(const FaultReport& report) {
  const std::string before = PrimaryOf(report.before);
  const std::string after = PrimaryOf(report.after);
  const double seconds = static_cast<double>(DurationOf(report.drill).count()) / 1000;
  const std::string fault = fmt::format("{} for {} s: {}", report.drill.kind(), seconds, Hit(report.drill));
  const std::string outcome =
      before == after ? fmt::format("{} is still the primary of {}", after, report.after.name())
                      : fmt::format("{} is the primary of {} now, in place of {}", after, report.after.name(), before);
  return EscapeControl(fault) + "\n" + EscapeControl(outcome) + "\n" + WritesInWords(report.writes);
}

google::protobuf::Struct ToStruct(const FaultReport& report) {
  google::protobuf::Struct document;
  const auto field = [&document](const char* name) -> google::protobuf::Value& {
    return (*document.mutable_fields())[name];
  };
  const auto list = [&field](const char* name, const auto& values) {
    auto& items = *field(name).mutable_list_value();
    for (const std::string& value : values) items.add_values()->set_string_value(value);
  };
  field("drill").set_string_value(report.drill.kind());
  field("seconds").set_number_value(static_cast<double>(DurationOf(report.drill).count()) / 1000);
  list("agents", report.drill.agents());
  list("nodes", report.drill.nodes());
  list("clusters", report.drill.clusters());
  field("cluster").set_string_value(report.after.name());
  field("status").set_string_value(report.after.status());
  field("primary_before").set_string_value(PrimaryOf(report.before));
  field("primary").set_string_value(PrimaryOf(report.after));
  AddWrites(report.writes, document);
  return document;
}

void Show(Session& session, const FaultReport& report) {
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(ToStruct(report))); break;
    case OutputFormat::kTable: session.Print(Sentences(report)); break;
    case OutputFormat::kNames: session.Print(EscapeControl(PrimaryOf(report.after)) + "\n"); break;
  }
}

Result<v1::Drill> Start(Session& session, const v1::StartDrillRequest& request) {
  v1::StartDrillResponse response;
  CP_RETURN_IF_ERROR(session.control_plane().Call(request, &response));
  return std::move(*response.mutable_drill());
}

// Until the fault has ended and the cluster is available again. A control plane that does not answer for a moment is
// asked again.
ExitCode AwaitEnd(Session& session, milliseconds patience, FaultReport& report) {
  const Clock& clock = session.host().clock;
  const MonoTime start = clock.Mono();
  for (;;) {
    const milliseconds passed = clock.Mono() - start;
    Result<v1::Cluster> now = ReadCluster(session, report.before.name());
    if (now.ok()) report.after = std::move(*now);
    if (session.control_plane().cancelled()) {
      return session.FailWith(ExitCode::kInterrupted, "Interrupted", "no longer waiting", "the drill ends by itself");
    }
    const bool over = passed >= DurationOf(report.drill) + kBegins;
    if (over && now.ok() && report.after.status() == "available") return ExitCode::kOk;
    if (passed >= patience) {
      return session.FailWith(ExitCode::kTimeout, "Timeout",
                              fmt::format("cluster {} is {}: {}", report.before.name(), report.after.status(),
                                          report.after.status_reason()),
                              fmt::format("look again: `cachectl cluster describe {}`", report.before.name()));
    }
    session.control_plane().Pause(kLook);
  }
}

// With a client that writes.
ExitCode Carry(Session& session, const Arguments& arguments, const v1::StartDrillRequest& request,
               FaultReport& report) {
  WriteProbe probe(ProbeOf(report.before));
  const Status writing = AwaitWrites(session, probe, "the drill was not begun");
  if (!writing.ok()) return session.Fail(writing.error(), "");
  Result<v1::Drill> drill = Start(session, request);
  if (!drill.ok()) return session.Fail(drill.error());
  report.drill = std::move(*drill);
  const InterruptWatch watch([&session] { session.control_plane().Cancel(); });
  const ExitCode code = AwaitEnd(session, arguments.Duration("timeout").value_or(kPatience), report);
  AwaitRecovery(session, probe);
  report.writes = probe.Stop();
  return code;
}

ExitCode RunFault(Session& session, const Arguments& arguments, v1::StartDrillRequest request) {
  if (const auto duration = arguments.Duration("for")) {
    request.mutable_duration()->set_seconds(duration->count() / 1000);
    request.mutable_duration()->set_nanos(static_cast<int>(duration->count() % 1000 * 1'000'000));
  }
  FaultReport report;
  std::string name = request.cluster();
  if (!name.empty()) {
    Result<v1::Cluster> named = ReadCluster(session, name);
    if (!named.ok()) return session.Fail(named.error());
    if (const ExitCode may = CheckMayDrill(session, *named); may != ExitCode::kOk) return may;
  }
  request.set_validate_only(true);
  const Result<v1::Drill> rehearsed = Start(session, request);
  if (!rehearsed.ok()) return session.Fail(rehearsed.error());
  request.set_validate_only(false);
  if (name.empty() && rehearsed->clusters_size() > 0) name = rehearsed->clusters(0);
  session.Note(fmt::format("this hits {}", Hit(*rehearsed)));
  Result<v1::Cluster> before = ReadCluster(session, name);
  if (!before.ok()) return session.Fail(before.error());
  report.before = report.after = std::move(*before);
  const ExitCode code = Carry(session, arguments, request, report);
  // Without an end there is still something to tell; without a beginning there is not.
  if (report.drill.kind().empty() || code == ExitCode::kInterrupted) return code;
  Show(session, report);
  return code;
}

v1::StartDrillRequest RequestFor(const char* kind, const std::string& cluster) {
  v1::StartDrillRequest request;
  request.set_kind(kind);
  request.set_cluster(cluster);
  return request;
}

}  // namespace

ExitCode RunPauseNode(Session& session, const Arguments& arguments) {
  v1::StartDrillRequest request = RequestFor("pause-node", *arguments.Text("NAME"));
  request.set_node(arguments.TextOr("node", ""));
  return RunFault(session, arguments, request);
}

ExitCode RunCutHost(Session& session, const Arguments& arguments) {
  v1::StartDrillRequest request = RequestFor("cut-host", *arguments.Text("NAME"));
  request.set_agent(arguments.TextOr("host", ""));
  return RunFault(session, arguments, request);
}

ExitCode RunLoseZone(Session& session, const Arguments& arguments) {
  v1::StartDrillRequest request = RequestFor("lose-zone", arguments.TextOr("cluster", ""));
  request.set_zone(arguments.TextOr("ZONE", ""));
  if (request.zone().empty() && request.cluster().empty()) {
    return session.FailUsage("ZONE or --cluster is missing", "see `cachectl drill lose-zone --help`");
  }
  return RunFault(session, arguments, request);
}

}  // namespace cacheplane::cli
