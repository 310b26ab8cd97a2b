#include "controlplane/gateway/aws/wire/model.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/check.h"
#include "controlplane/gateway/aws/wire/embedded.h"

namespace cacheplane::gateway::aws {
namespace {

using Json = nlohmann::ordered_json;  // members keep the model's order

Kind KindNamed(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, Kind>, 7> kKinds = {{{"structure", Kind::kStructure},
                                                                               {"list", Kind::kList},
                                                                               {"string", Kind::kString},
                                                                               {"integer", Kind::kInteger},
                                                                               {"double", Kind::kDouble},
                                                                               {"boolean", Kind::kBoolean},
                                                                               {"timestamp", Kind::kTimestamp}}};
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& kind) { return kind.first == name; });
  CP_CHECK(found != kKinds.end());
  return found->second;
}

// Once every shape has its place: members point to them.
void Fill(Shape& shape, const Json& json, const std::map<std::string, Shape, std::less<>>& shapes) {
  const auto shape_named = [&](const std::string& name) {
    const auto found = shapes.find(name);
    CP_CHECK(found != shapes.end());
    return &found->second;
  };
  const auto required = json.value("required", std::vector<std::string>{});
  const Json members = json.value("members", Json::object());
  for (const auto& [name, member] : members.items()) {
    const bool needed = std::find(required.begin(), required.end(), name) != required.end();
    shape.members.push_back({name, shape_named(member.at("shape").get<std::string>()), needed});
  }
  if (shape.kind == Kind::kList) {
    shape.item = shape_named(json.at("element").get<std::string>());
    shape.item_name = json.value("wire", std::string("member"));
  }
  shape.allowed = json.value("enum", std::vector<std::string>{});
}

template <typename Map>
const typename Map::mapped_type* Find(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

ApiModel::ApiModel(std::string_view text) {
  const Json json = Json::parse(text);
  xml_namespace_ = json.at("xmlNamespace").get<std::string>();
  for (const auto& [name, shape] : json.at("shapes").items()) {
    Shape& added = shapes_[name];
    added.name = name;
    added.kind = KindNamed(shape.at("type").get<std::string>());
  }
  for (auto& [name, shape] : shapes_) Fill(shape, json.at("shapes").at(name), shapes_);
  for (const auto& [name, operation] : json.at("operations").items()) {
    ModelOperation& added = operations_[name];
    added.name = name;
    if (operation.contains("input")) added.input = Find(shapes_, operation.at("input").get<std::string>());
    if (operation.contains("output")) added.output = Find(shapes_, operation.at("output").get<std::string>());
    added.result_wrapper = operation.value("resultWrapper", "");
  }
  for (const auto& [name, error] : json.at("errors").items()) {
    errors_[name] = {error.at("code").get<std::string>(), error.at("http").get<int>()};
  }
}

const ApiModel& ApiModel::ElastiCache() {
  static const ApiModel model{EmbeddedModel()};
  return model;
}

const ModelOperation* ApiModel::FindOperation(std::string_view name) const { return Find(operations_, name); }

const ModelError* ApiModel::FindError(std::string_view shape) const { return Find(errors_, shape); }

}  // namespace cacheplane::gateway::aws
