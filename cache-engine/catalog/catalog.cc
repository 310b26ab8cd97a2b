#include "cache-engine/catalog/catalog.h"

#include <algorithm>

#include "cache-engine/catalog/load.h"
#include "common/text.h"

namespace cacheplane::catalog {
namespace {

const Data& TheData() {
  static const Data data = LoadData();
  return data;
}

template <typename Row, typename Matches>
const Row* Find(const std::vector<Row>& rows, Matches matches) {
  const auto found = std::find_if(rows.begin(), rows.end(), matches);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<EngineVersion>& EngineVersions() { return TheData().versions; }

const EngineVersion* FindEngineVersion(std::string_view engine, std::string_view version) {
  return Find(EngineVersions(),
              [&](const EngineVersion& row) { return row.engine == engine && row.version == version; });
}

const std::vector<VersionAlias>& VersionAliases() { return TheData().aliases; }

const VersionAlias* FindVersionAlias(std::string_view engine, std::string_view alias) {
  return Find(VersionAliases(), [&](const VersionAlias& row) { return row.engine == engine && row.alias == alias; });
}

const EngineVersion* DefaultEngineVersion(std::string_view engine) {
  return Find(EngineVersions(), [&](const EngineVersion& row) { return row.engine == engine && row.is_default; });
}

const std::vector<NodeType>& NodeTypes() { return TheData().node_types; }

const NodeType* FindNodeType(std::string_view name) {
  return Find(NodeTypes(), [&](const NodeType& row) { return row.name == name; });
}

const std::vector<Parameter>& ParametersOf(std::string_view family) {
  static const std::vector<Parameter> kNone;
  const auto found = TheData().families.find(family);
  return found == TheData().families.end() ? kNone : found->second;
}

Status CheckUpgrade(const EngineVersion& from, const EngineVersion& to) {
  const std::string pair = from.engine + " " + from.version + " to " + to.engine + " " + to.version;
  if (from.engine == to.engine) {
    // Rows of the table, which has the oldest first.
    if (FindEngineVersion(from.engine, from.version) <= FindEngineVersion(to.engine, to.version)) return {};
    return FailedPrecondition(pair + " is a downgrade: an older engine cannot read what a newer one wrote");
  }
  if (from.engine == "valkey") {
    return FailedPrecondition(pair + " is not possible: Redis cannot read what Valkey wrote");
  }
  if (from.version.starts_with("8.")) {
    return FailedPrecondition(pair + " is not possible: Valkey cannot read what Redis 8 writes");
  }
  return {};
}

const Parameter* FindParameter(std::string_view family, std::string_view name) {
  return Find(ParametersOf(family), [&](const Parameter& row) { return row.name == name; });
}

bool HasParameter(std::string_view engine_version, const Parameter& parameter) {
  const auto numbers = [](std::string_view version) {
    std::vector<long long> parts;
    for (const std::string& part : Split(version, '.')) parts.push_back(ParseInt(part).value_or(0));
    return parts;
  };
  return numbers(parameter.since) <= numbers(engine_version);
}

const std::vector<std::string>& Families() {
  static const std::vector<std::string> families = [] {
    std::vector<std::string> names;
    for (const auto& [name, parameters] : TheData().families) names.push_back(name);
    return names;
  }();
  return families;
}

std::string MinorOf(std::string_view full_version) {
  const std::size_t first = full_version.find('.');
  const std::size_t second = first == std::string_view::npos ? first : full_version.find('.', first + 1);
  return std::string(full_version.substr(0, second));
}

}  // namespace cacheplane::catalog
