#include "cacheplane/v1/parameter_group.pb.h"
#include "cli/output/proto_values.h"
#include "cli/output/views.h"

namespace cacheplane::cli {
namespace {

template <typename Parameters>
Table ParameterTable(const Parameters& parameters) {
  Table table{{"NAME", "VALUE", "SOURCE", "ALLOWED", "CHANGE", "SINCE", "DESCRIPTION"}, {}};
  for (const v1::Parameter& parameter : parameters) {
    table.rows.push_back({parameter.name(), parameter.value(), parameter.source(),
                          parameter.is_modifiable() ? parameter.allowed_values() : "fixed", parameter.change_type(),
                          parameter.minimum_engine_version(), parameter.description()});
  }
  return table;
}

}  // namespace

Table ToTable(const v1::ListParameterGroupsResponse& list) {
  Table table{{"NAME", "FAMILY", "DEFAULT", "DESCRIPTION"}, {}};
  for (const v1::ParameterGroup& group : list.parameter_groups()) {
    table.rows.push_back({group.name(), group.family(), group.is_default() ? "yes" : "", group.description()});
  }
  return table;
}

Table ToTable(const v1::ListParametersResponse& list) { return ParameterTable(list.parameters()); }
Table ToTable(const v1::ListEngineDefaultParametersResponse& list) { return ParameterTable(list.parameters()); }

std::vector<std::string> Names(const v1::ListParameterGroupsResponse& list) { return NamesOf(list.parameter_groups()); }
std::vector<std::string> Names(const v1::ListParametersResponse& list) { return NamesOf(list.parameters()); }
std::vector<std::string> Names(const v1::ListEngineDefaultParametersResponse& list) {
  return NamesOf(list.parameters());
}

std::string Describe(const v1::ParameterGroup& group, bool colour) {
  return RenderBlock({{"Name", group.name()},
                      {"Family", group.family()},
                      {"Description", group.description()},
                      {"Default", group.is_default() ? "yes" : ""},
                      {"Tags", PairsOf(group.tags())},
                      {"Etag", group.etag()}},
                     colour);
}

std::string NameOf(const v1::ParameterGroup& group) { return group.name(); }

}  // namespace cacheplane::cli
