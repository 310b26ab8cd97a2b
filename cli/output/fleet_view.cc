#include <fmt/format.h>

#include "cacheplane/v1/fleet.pb.h"
#include "cli/output/proto_values.h"
#include "cli/output/views.h"

namespace cacheplane::cli {

Table ToTable(const v1::ListAgentsResponse& list) {
  Table table{
      {"NAME", "ZONE", "CONNECTED", "ADMISSION", "NODES", "MEMORY", "RESERVED", "FENCE", "LAST HEARD", "VERSION"}, {}};
  for (const v1::Agent& agent : list.agents()) {
    table.rows.push_back({agent.name(), agent.zone(), StatusCell(YesNo(agent.connected())),
                          StatusCell(agent.admission()), fmt::format("{}", agent.node_count()),
                          FormatBytes(agent.memory_bytes()), FormatBytes(agent.memory_reserved_bytes()), agent.fence(),
                          Shown(agent.last_heard_time()), agent.version()});
  }
  return table;
}

Table ToTable(const v1::ListNodesResponse& list) {
  Table table{{"NAME", "ROLE", "STATUS", "ZONE", "AGENT", "ADDRESS", "VERSION", "MEMORY", "OFFSET", "REASON"}, {}};
  for (const v1::Node& node : list.nodes()) {
    table.rows.push_back({node.name(), node.role(), StatusCell(node.status()), node.zone(), node.agent(),
                          fmt::format("{}:{}", node.address(), node.port()), node.engine_version(),
                          FormatBytes(node.used_memory_bytes()), fmt::format("{}", node.replication_offset()),
                          node.status_reason()});
  }
  return table;
}

Table ToTable(const v1::ListRoutersResponse& list) {
  Table table{{"NAME", "CONNECTED", "DATA PATH", "MAP VERSION", "LAST HEARD"}, {}};
  for (const v1::Router& router : list.routers()) {
    table.rows.push_back({router.name(), StatusCell(YesNo(router.connected())), router.data_path(),
                          fmt::format("{}", router.map_version()), Shown(router.last_heard_time())});
  }
  return table;
}

std::vector<std::string> Names(const v1::ListAgentsResponse& list) { return NamesOf(list.agents()); }
std::vector<std::string> Names(const v1::ListNodesResponse& list) { return NamesOf(list.nodes()); }
std::vector<std::string> Names(const v1::ListRoutersResponse& list) { return NamesOf(list.routers()); }

std::string Describe(const v1::Agent& agent, bool colour) {
  std::vector<std::pair<std::string, Cell>> pairs = {
      {"Name", agent.name()},
      {"Zone", agent.zone()},
      {"Connected", StatusCell(YesNo(agent.connected()))},
      {"Admission", StatusCell(agent.admission())},
      {"Last heard", Shown(agent.last_heard_time())},
      {"Memory", FormatBytes(agent.memory_bytes())},
      {"Memory reserved", FormatBytes(agent.memory_reserved_bytes())},
      {"Nodes", fmt::format("{}", agent.node_count())},
      {"Fence", agent.fence()},
      {"Images", Joined(agent.images())},
      {"Version", agent.version()},
  };
  for (const std::string& node : agent.unknown_nodes()) pairs.emplace_back("Unknown node", Cell(node, Tone::kBusy));
  return RenderBlock(pairs, colour);
}

std::string NameOf(const v1::Agent& agent) { return agent.name(); }

}  // namespace cacheplane::cli
