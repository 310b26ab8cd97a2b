// The table of all commands. Each noun's file holds its descriptions next to what they do.
#pragma once

#include <vector>

#include "cli/args/command.h"

namespace cacheplane::cli {

const CommandTable& AllCommands();

Command ClusterCreateCommand();
Command ClusterModifyCommand();
Command ClusterPlanCommand();
Command ClusterHistoryCommand();
Command ClusterRollbackCommand();
Command ClusterDeleteCommand();
Command ClusterDescribeCommand();
Command ClusterListCommand();
Command ClusterConnectCommand();
Command ClusterSwitchoverCommand();
Command ClusterTestFailoverCommand();
Command ClusterRebootCommand();
Command ClusterUpdateCommand();
std::vector<Command> ClusterStopCommands();
std::vector<Command> SubnetCommands();
std::vector<Command> SubnetGroupCommands();
std::vector<Command> SecurityGroupCommands();
std::vector<Command> ParameterGroupCommands();
std::vector<Command> CatalogCommands();
std::vector<Command> FleetCommands();
std::vector<Command> AgentAdmissionCommands();
std::vector<Command> OperationCommands();
std::vector<Command> EventCommands();
std::vector<Command> DrillCommands();
std::vector<Command> AccessKeyCommands();
std::vector<Command> AuditCommands();
std::vector<Command> ToolCommands();  // completion, version

}  // namespace cacheplane::cli
