#include "cacheplane/v1/fleet.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

ExitCode RunListAgents(Session& session, const Arguments&) {
  return PrintList<v1::ListAgentsResponse>(session, v1::ListAgentsRequest());
}

ExitCode RunDescribeAgent(Session& session, const Arguments& arguments) {
  v1::GetAgentRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndShow(session, request, &v1::GetAgentResponse::agent);
}

ExitCode RunListNodes(Session& session, const Arguments& arguments) {
  v1::ListNodesRequest request;
  request.set_cluster(arguments.TextOr("cluster", ""));
  request.set_agent(arguments.TextOr("agent", ""));
  return PrintList<v1::ListNodesResponse>(session, request);
}

ExitCode RunListRouters(Session& session, const Arguments&) {
  return PrintList<v1::ListRoutersResponse>(session, v1::ListRoutersRequest());
}

}  // namespace

std::vector<Command> FleetCommands() {
  const Flag cluster = {"cluster", FlagKind::kText, "NAME", "only those of this cluster", {}, "cluster"};
  const Flag agent = {"agent", FlagKind::kText, "NAME", "only those of this agent", {}, "agent"};
  return {{"agent",
           "list",
           "Lists the agents",
           {},
           {},
           {"cachectl agent list", "cachectl agent list -o json"},
           RunListAgents},
          {"agent",
           "describe",
           "Shows an agent, with its images and what it does not know",
           {{"NAME", "the agent", "agent"}},
           {},
           {"cachectl agent describe agent-a", "cachectl agent describe agent-a -o json"},
           RunDescribeAgent},
          {"node",
           "list",
           "Lists the nodes of all clusters",
           {},
           {cluster, agent},
           {"cachectl node list", "cachectl node list --cluster orders"},
           RunListNodes},
          {"router",
           "list",
           "Lists the routers",
           {},
           {},
           {"cachectl router list", "cachectl router list -o json"},
           RunListRouters}};
}

}  // namespace cacheplane::cli
