#include "cli/commands/commands.h"

#include <iterator>

namespace cacheplane::cli {
namespace {

std::vector<Noun> Nouns() {
  return {
      {"cluster", "Clusters: create, change, delete, look at, connect to"},
      {"subnet", "Subnets: a zone and an address range"},
      {"subnet-group", "Subnet groups: where the nodes of a cluster may be"},
      {"security-group", "Security groups: who may connect"},
      {"parameter-group", "Parameter groups: settings of the engines"},
      {"engine-version", "Engine versions a cluster can have"},
      {"node-type", "Node types a cluster can have"},
      {"agent", "Agents: the hosts that run nodes"},
      {"node", "Nodes: the engine processes of all clusters"},
      {"router", "Routers: what leads clients to nodes"},
      {"operation", "Operations: work under way and done"},
      {"events", "Events: what happened, listed or followed"},
      {"drill", "Drills: faults on purpose, and what they cost clients"},
      {"access-key", "Access keys: who may call the AWS API"},
      {"audit", "The audit log: who asked for which change, and what came of it"},
      {"completion", "Completion scripts for shells"},
      {"version", "The version of this program"},
  };
}

void Append(std::vector<Command> more, std::vector<Command>& commands) {
  commands.insert(commands.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

CommandTable MakeTable() {
  CommandTable table{Nouns(),
                     {ClusterCreateCommand(), ClusterModifyCommand(), ClusterPlanCommand(), ClusterHistoryCommand(),
                      ClusterRollbackCommand(), ClusterDeleteCommand(), ClusterDescribeCommand(), ClusterListCommand(),
                      ClusterConnectCommand(), ClusterSwitchoverCommand(), ClusterTestFailoverCommand(),
                      ClusterRebootCommand(), ClusterUpdateCommand()}};
  for (const auto& make :
       {ClusterStopCommands, SubnetCommands, SubnetGroupCommands, SecurityGroupCommands, ParameterGroupCommands,
        CatalogCommands, FleetCommands, AgentAdmissionCommands, OperationCommands, EventCommands, DrillCommands,
        AccessKeyCommands, AuditCommands, ToolCommands}) {
    Append(make(), table.commands);
  }
  return table;
}

}  // namespace

const CommandTable& AllCommands() {
  static const CommandTable table = MakeTable();
  return table;
}

}  // namespace cacheplane::cli
