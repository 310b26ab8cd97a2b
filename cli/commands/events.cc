#include <fmt/format.h>

#include "cacheplane/v1/event.pb.h"
#include "cli/client/interrupt.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

constexpr std::chrono::milliseconds kRetryPause(500);

ExitCode List(Session& session, const Arguments& arguments) {
  v1::ListEventsRequest request;
  request.set_cluster(arguments.TextOr("cluster", ""));
  request.set_source_type(arguments.TextOr("source-type", ""));
  if (const auto since = arguments.Duration("since")) {
    const std::int64_t start = ToUnixMillis(session.host().clock.Now() - *since);
    request.mutable_start_time()->set_seconds(start / 1000);
    request.mutable_start_time()->set_nanos(static_cast<int>(start % 1000) * 1'000'000);
  }
  return PrintList<v1::ListEventsResponse>(session, request);
}

void PrintEvent(Session& session, const v1::Event& event) {
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJsonLine(event)); break;
    case OutputFormat::kTable: session.Print(Describe(event, session.colour())); break;
    case OutputFormat::kNames: session.Print(EscapeControl(event.resume_token()) + "\n"); break;
  }
}

std::string ResumeHint(const v1::WatchEventsRequest& request) {
  if (request.resume_token().empty()) return "";
  return fmt::format("go on behind the last event with --resume-token {}", request.resume_token());
}

// Follows through restarts of the control plane: once a stream was there, it is taken up behind the last event.
ExitCode Follow(Session& session, v1::WatchEventsRequest request, const std::string& source_type) {
  ControlPlane& control_plane = session.control_plane();
  const InterruptWatch watch([&control_plane] { control_plane.Cancel(); });
  bool told = false;
  for (;;) {
    bool heard = false;
    const Status status = control_plane.WatchEvents(request, [&](const v1::Event& event) {
      heard = true;
      request.set_resume_token(event.resume_token());
      if (source_type.empty() || event.source_type() == source_type) PrintEvent(session, event);
    });
    if (control_plane.cancelled()) {
      return session.FailWith(ExitCode::kInterrupted, "Interrupted", "no longer following", ResumeHint(request));
    }
    // Without a token a new stream would start at a later present and leave a gap untold.
    const bool can_resume = status.error().code == ErrorCode::kUnavailable && !request.resume_token().empty();
    if (!can_resume) return session.Fail(status.error());
    if (heard) told = false;
    if (!told) session.Note("the control plane does not answer; trying again");
    told = true;
    control_plane.Pause(kRetryPause);
  }
}

ExitCode Run(Session& session, const Arguments& arguments) {
  if (!arguments.Has("follow")) {
    if (arguments.Has("resume-token")) return session.FailUsage("--resume-token needs --follow", "");
    return List(session, arguments);
  }
  if (arguments.Has("since")) {
    return session.FailUsage("--since and --follow exclude each other: what is followed starts now",
                             "to follow from an earlier event, give its --resume-token (-o names lists them)");
  }
  v1::WatchEventsRequest request;
  request.set_cluster(arguments.TextOr("cluster", ""));
  request.set_resume_token(arguments.TextOr("resume-token", ""));
  return Follow(session, request, arguments.TextOr("source-type", ""));
}

}  // namespace

std::vector<Command> EventCommands() {
  using enum FlagKind;
  const Flag cluster = {"cluster", kText, "NAME", "only those of this cluster", {}, "cluster"};
  const Flag follow = {"follow", kSwitch, "", "print events as they happen until interrupted"};
  const Flag resume = {"resume-token", kText, "TOKEN", "follow from right behind this event, not from now"};
  return {{"events",
           "",
           "Lists the events or, with --follow, prints them as they happen",
           {},
           {follow, cluster, resume},
           {"cachectl events --follow --cluster orders", "cachectl events --follow -o json"},
           Run},
          {"events",
           "list",
           "Lists the events of the last 14 days, the oldest first, or follows them",
           {},
           {follow,
            cluster,
            resume,
            {"source-type",
             kText,
             "TYPE",
             "only of this kind of source",
             {"replication-group", "cache-cluster", "cache-subnet-group", "cache-security-group",
              "cache-parameter-group", "agent", "access-key"}},
            {"since", kDuration, "TIME", "only younger ones, such as 1h"}},
           {"cachectl events list --cluster orders --since 1h", "cachectl events list -o json"},
           Run}};
}

}  // namespace cacheplane::cli
