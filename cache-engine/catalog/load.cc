#include "cache-engine/catalog/load.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "cache-engine/catalog/embedded.h"
#include "common/check.h"

namespace cacheplane::catalog {
namespace {

using Json = nlohmann::json;

Json Parse(std::string_view name) {
  Json json = Json::parse(EmbeddedJson(name), nullptr, /*allow_exceptions=*/false);
  CP_CHECK(!json.is_discarded());
  return json;
}

std::string Text(const Json& object, const char* key) {
  const auto field = object.find(key);
  CP_CHECK(field != object.end() && field->is_string());
  return field->get<std::string>();
}

bool Flag(const Json& object, const char* key) {
  const auto field = object.find(key);
  CP_CHECK(field != object.end() && field->is_boolean());
  return field->get<bool>();
}

std::int64_t Number(const Json& object, const char* key) {
  const auto field = object.find(key);
  CP_CHECK(field != object.end() && field->is_number_integer());
  return field->get<std::int64_t>();
}

template <typename Row>
std::vector<Row> Rows(const Json& list, Row (*read)(const Json&)) {
  CP_CHECK(list.is_array() && !list.empty());
  std::vector<Row> rows;
  for (const Json& entry : list) rows.push_back(read(entry));
  return rows;
}

EngineVersion ReadVersion(const Json& entry) {
  return {.engine = Text(entry, "engine"),
          .version = Text(entry, "version"),
          .family = Text(entry, "family"),
          .is_default = Flag(entry, "default")};
}

VersionAlias ReadAlias(const Json& entry) {
  return {.engine = Text(entry, "engine"), .alias = Text(entry, "alias"), .version = Text(entry, "version")};
}

NodeType ReadNodeType(const Json& entry) {
  return {.name = Text(entry, "name"),
          .vcpu = static_cast<int>(Number(entry, "vcpu")),
          .memory_bytes = Number(entry, "memory"),
          .current_generation = Flag(entry, "current"),
          .new_clusters_allowed = Flag(entry, "new")};
}

Parameter ReadParameter(const Json& entry) {
  return {.name = Text(entry, "name"),
          .default_value = Text(entry, "default"),
          .type = Text(entry, "type"),
          .allowed = Text(entry, "allowed"),
          .modifiable = Flag(entry, "modifiable"),
          .needs_restart = Flag(entry, "restart"),
          .directive = Text(entry, "directive"),
          .since = Text(entry, "since"),
          .description = Text(entry, "description")};
}

}  // namespace

Data LoadData() {
  const Json engines = Parse("engine-versions");
  Data data;
  data.versions = Rows(engines.value("versions", Json()), ReadVersion);
  data.aliases = Rows(engines.value("aliases", Json()), ReadAlias);
  data.node_types = Rows(Parse("node-types"), ReadNodeType);
  for (const Json& family : engines.value("families", Json())) {
    const std::string name = Text(family, "family");
    data.families[name] = Rows(Parse("parameters-" + name), ReadParameter);
  }
  for (const EngineVersion& version : data.versions) CP_CHECK(data.families.contains(version.family));
  return data;
}

}  // namespace cacheplane::catalog
