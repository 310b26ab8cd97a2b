#include <fmt/format.h>

#include "cacheplane/v1/catalog.pb.h"
#include "cli/output/proto_values.h"
#include "cli/output/views.h"

namespace cacheplane::cli {

Table ToTable(const v1::ListEngineVersionsResponse& list) {
  Table table{{"ENGINE", "VERSION", "DEFAULT", "PARAMETER GROUP FAMILY", "IMAGES"}, {}};
  for (const v1::EngineVersion& version : list.engine_versions()) {
    table.rows.push_back({version.engine(), version.version(), version.is_default() ? "yes" : "",
                          version.parameter_group_family(), Joined(version.images())});
  }
  return table;
}

Table ToTable(const v1::ListNodeTypesResponse& list) {
  Table table{{"NAME", "VCPU", "MEMORY", "CURRENT GENERATION"}, {}};
  for (const v1::NodeType& type : list.node_types()) {
    table.rows.push_back({type.name(), fmt::format("{}", type.vcpu()), FormatBytes(type.memory_bytes()),
                          YesNo(type.current_generation())});
  }
  return table;
}

std::vector<std::string> Names(const v1::ListEngineVersionsResponse& list) {
  std::vector<std::string> names;
  for (const v1::EngineVersion& version : list.engine_versions()) {
    names.push_back(fmt::format("{}:{}", version.engine(), version.version()));
  }
  return names;
}

std::vector<std::string> Names(const v1::ListNodeTypesResponse& list) { return NamesOf(list.node_types()); }

}  // namespace cacheplane::cli
