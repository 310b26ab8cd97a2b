// Which agents may have nodes: cordon, uncordon, drain.
#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "cacheplane/v1/fleet.pb.h"
#include "cli/client/interrupt.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

constexpr std::chrono::milliseconds kLookAgain{200};
constexpr std::chrono::minutes kPatience{5};

template <typename Request, typename Response>
ExitCode RunNamed(Session& session, const Arguments& arguments) {
  Request request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndShow(session, request, &Response::agent);
}

ExitCode ShowLeaving(Session& session, const v1::DrainAgentResponse& response) {
  if (session.format() == OutputFormat::kJson) {
    session.Print(ToJson(response));
  } else if (response.leaving_nodes().empty()) {
    session.Print("no node would leave\n");
  } else {
    for (const std::string& node : response.leaving_nodes()) session.Print(EscapeControl(node) + "\n");
  }
  return ExitCode::kOk;
}

std::string Left(const v1::Agent& agent) {
  return fmt::format("{} node{} left on {}", agent.node_count(), agent.node_count() == 1 ? "" : "s", agent.name());
}

std::string Hint(const v1::Agent& agent) {
  return fmt::format(
      "the drain goes on; see `cachectl node list --agent {0}` and `cachectl operation list`, or end it with `cachectl "
      "agent uncordon {0}`",
      agent.name());
}

bool IsLeft(const v1::Agent& agent) { return agent.node_count() > 0 && agent.admission() == "draining"; }

// The agent as it is a moment later; as it was while the control plane does not answer.
Status LookAgain(Session& session, v1::Agent* agent) {
  session.control_plane().Pause(kLookAgain);
  v1::GetAgentRequest request;
  request.set_name(agent->name());
  v1::GetAgentResponse response;
  const Status status = session.control_plane().Call(request, &response);
  if (status.ok()) *agent = std::move(*response.mutable_agent());
  const bool passes = !status.ok() && status.error().code == ErrorCode::kUnavailable;
  return passes ? Status() : status;
}

// Until nobody is left, or somebody lets nodes stay.
ExitCode AwaitDrained(Session& session, const Arguments& arguments, v1::Agent agent) {
  const MonoTime end = session.host().clock.Mono() + arguments.Duration("timeout").value_or(kPatience);
  const InterruptWatch watch([&session] { session.control_plane().Cancel(); });
  for (int told = -1; IsLeft(agent);) {
    if (std::exchange(told, agent.node_count()) != agent.node_count()) session.Note(Left(agent));
    const Status status = LookAgain(session, &agent);
    if (session.control_plane().cancelled()) {
      return session.FailWith(ExitCode::kInterrupted, "Interrupted", "no longer waiting", Hint(agent));
    }
    if (!status.ok()) return session.Fail(status.error(), Hint(agent));
    if (IsLeft(agent) && session.host().clock.Mono() >= end) {
      return session.FailWith(ExitCode::kTimeout, "Timeout", Left(agent), Hint(agent));
    }
  }
  if (agent.node_count() == 0) return Show(session, agent);
  return session.FailWith(ExitCode::kOperationFailed, "OperationFailed",
                          fmt::format("{} is {} by now; {}", agent.name(), agent.admission(), Left(agent)),
                          "somebody else changed it meanwhile");
}

ExitCode RunDrain(Session& session, const Arguments& arguments) {
  v1::DrainAgentRequest request;
  request.set_name(*arguments.Text("NAME"));
  request.set_validate_only(arguments.Has("validate-only"));
  v1::DrainAgentResponse response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  if (request.validate_only()) return ShowLeaving(session, response);
  if (arguments.Has("no-wait")) return Show(session, response.agent());
  return AwaitDrained(session, arguments, response.agent());
}

}  // namespace

std::vector<Command> AgentAdmissionCommands() {
  const Positional name = {"NAME", "the agent", "agent"};
  return {{"agent",
           "cordon",
           "Lets no more nodes be placed on an agent; those that are there stay",
           {name},
           {},
           {"cachectl agent cordon agent-a", "cachectl agent cordon agent-a -o json"},
           RunNamed<v1::CordonAgentRequest, v1::CordonAgentResponse>},
          {"agent",
           "uncordon",
           "Lets nodes be placed on an agent again, and ends a drain",
           {name},
           {},
           {"cachectl agent uncordon agent-a", "cachectl agent uncordon agent-a -o json"},
           RunNamed<v1::UncordonAgentRequest, v1::UncordonAgentResponse>},
          {"agent",
           "drain",
           "Moves the nodes of an agent to others, primaries by switchover, and waits until none is left",
           {name},
           {{"validate-only", FlagKind::kSwitch, "", "check and show which nodes would leave, without effect"},
            {"no-wait", FlagKind::kSwitch, "", "do not wait for the end"},
            {"timeout", FlagKind::kDuration, "TIME", "wait at most this long, such as 90s (default 5m)"}},
           {"cachectl agent drain agent-a", "cachectl agent drain agent-a --validate-only"},
           RunDrain}};
}

}  // namespace cacheplane::cli
