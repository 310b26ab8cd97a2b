#include "controlplane/store/json_text.h"

#include <nlohmann/json.hpp>

#include "controlplane/store/enum_text.h"

namespace cacheplane::model {

// Found by nlohmann/json through the types' namespace.
void to_json(nlohmann::json& json, const Address& address) { json = {{"ip", address.ip}, {"port", address.port}}; }

void from_json(const nlohmann::json& json, Address& address) {
  json.at("ip").get_to(address.ip);
  json.at("port").get_to(address.port);
}

void to_json(nlohmann::json& json, const Image& image) {
  json = {{"engine", image.engine}, {"version", image.version}};
}

void from_json(const nlohmann::json& json, Image& image) {
  json.at("engine").get_to(image.engine);
  json.at("version").get_to(image.version);
}

void to_json(nlohmann::json& json, const FieldChange& change) {
  json = {{"field", change.field}, {"before", change.before}, {"after", change.after}};
}

void from_json(const nlohmann::json& json, FieldChange& change) {
  json.at("field").get_to(change.field);
  json.at("before").get_to(change.before);
  json.at("after").get_to(change.after);
}

void to_json(nlohmann::json& json, const Build& build) {
  json = {{"engine", build.engine},
          {"engine_version", build.engine_version},
          {"node_type", build.node_type},
          {"parameter_group", build.parameter_group},
          {"engine_version_alias", build.engine_version_alias}};
}

void from_json(const nlohmann::json& json, Build& build) {
  json.at("engine").get_to(build.engine);
  json.at("engine_version").get_to(build.engine_version);
  json.at("node_type").get_to(build.node_type);
  json.at("parameter_group").get_to(build.parameter_group);
  build.engine_version_alias = json.value("engine_version_alias", "");  // older rows have none
}

namespace {

// One row for each field, under its name, for both ways.
template <typename Spec, typename Each>
void EachField(Spec& spec, Each each) {
  each("engine", spec.engine);
  each("engine_version", spec.engine_version);
  each("node_type", spec.node_type);
  each("shard_count", spec.shard_count);
  each("replicas_per_shard", spec.replicas_per_shard);
  each("multi_az", spec.multi_az);
  each("automatic_failover", spec.automatic_failover);
  each("preferred_zones", spec.preferred_zones);
  each("subnet_group", spec.subnet_group);
  each("security_groups", spec.security_groups);
  each("parameter_group", spec.parameter_group);
  each("port", spec.port);
  each("maintenance_window", spec.maintenance_window);
  each("snapshot_window", spec.snapshot_window);
  each("snapshot_retention_days", spec.snapshot_retention_days);
  each("auto_minor_version_upgrade", spec.auto_minor_version_upgrade);
  each("description", spec.description);
  each("deletion_protection", spec.deletion_protection);
  each("frozen", spec.frozen);
  each("tags", spec.tags);
  each("engine_version_alias", spec.engine_version_alias);
}

}  // namespace

void to_json(nlohmann::json& json, const ClusterSpec& spec) {
  json = nlohmann::json::object();
  EachField(spec, [&](const char* name, const auto& field) { json[name] = field; });
}

void from_json(const nlohmann::json& json, ClusterSpec& spec) {
  EachField(spec, [&](const char* name, auto& field) {
    if (const auto value = json.find(name); value != json.end()) value->get_to(field);
  });
}

void to_json(nlohmann::json& json, const AskedChange& asked) {
  json = {{"spec", asked.spec}, {"fields", asked.fields}};
}

void from_json(const nlohmann::json& json, AskedChange& asked) {
  json.at("spec").get_to(asked.spec);
  json.at("fields").get_to(asked.fields);
}

void to_json(nlohmann::json& json, const OperationStep& step) {
  json = {{"name", step.name}, {"status", StepStatusName(step.status)}, {"detail", step.detail}};
}

void from_json(const nlohmann::json& json, OperationStep& step) {
  json.at("name").get_to(step.name);
  step.status = store::EnumNamed(json.at("status").get<std::string>(), StepStatusName,
                                 {StepStatus::kPending, StepStatus::kRunning, StepStatus::kDone, StepStatus::kFailed});
  json.at("detail").get_to(step.detail);
}

void to_json(nlohmann::json& json, const SecurityGroupRule& rule) {
  json = {{"protocol", rule.protocol},
          {"from_port", rule.from_port},
          {"to_port", rule.to_port},
          {"cidr", FormatCidr(rule.cidr)},
          {"description", rule.description}};
}

void from_json(const nlohmann::json& json, SecurityGroupRule& rule) {
  json.at("protocol").get_to(rule.protocol);
  json.at("from_port").get_to(rule.from_port);
  json.at("to_port").get_to(rule.to_port);
  rule.cidr = ParseCidr(json.at("cidr").get<std::string>()).value();
  json.at("description").get_to(rule.description);
}

}  // namespace cacheplane::model

namespace cacheplane::store {
namespace {

template <typename T>
std::string Dump(const T& value) {
  constexpr int kOneLine = -1;
  return nlohmann::json(value).dump(kOneLine, ' ', false, nlohmann::json::error_handler_t::replace);
}

template <typename T>
void Parse(const std::string& json, T& value) {
  constexpr bool kThrow = false;
  const auto parsed = nlohmann::json::parse(json, nullptr, kThrow);
  CP_CHECK(!parsed.is_discarded());
  parsed.get_to(value);
}

template <typename T>
std::map<std::string, T> Plain(const std::map<model::Incarnation, T>& values) {
  std::map<std::string, T> plain;
  for (const auto& [incarnation, value] : values) plain[incarnation.str()] = value;
  return plain;
}

template <typename T>
void ParseByIncarnation(const std::string& json, std::map<model::Incarnation, T>& values) {
  std::map<std::string, T> plain;
  Parse(json, plain);
  for (const auto& [incarnation, value] : plain) values[model::Incarnation(incarnation)] = value;
}

}  // namespace

std::string ToJson(const std::vector<std::string>& texts) { return Dump(texts); }
std::string ToJson(const std::map<std::string, std::string>& pairs) { return Dump(pairs); }
std::string ToJson(const std::vector<model::Address>& addresses) { return Dump(addresses); }
std::string ToJson(const std::vector<model::Image>& images) { return Dump(images); }
std::string ToJson(const std::vector<model::OperationStep>& steps) { return Dump(steps); }
std::string ToJson(const std::vector<model::SecurityGroupRule>& rules) { return Dump(rules); }
std::string ToJson(const std::vector<model::FieldChange>& changes) { return Dump(changes); }
std::string ToJson(const model::Build& build) { return Dump(build); }
std::string ToJson(const model::ClusterSpec& spec) { return Dump(spec); }
std::string ToJson(const model::AskedChange& asked) { return Dump(asked); }
std::string ToJson(const std::vector<model::OperationId>& ids) {
  std::vector<std::string> texts;
  for (const model::OperationId& id : ids) texts.push_back(id.str());
  return Dump(texts);
}
std::string ToJson(const std::map<model::Incarnation, std::uint64_t>& numbers) { return Dump(Plain(numbers)); }
std::string ToJson(const std::map<model::Incarnation, std::string>& texts) { return Dump(Plain(texts)); }

void FromJson(const std::string& json, std::vector<std::string>& texts) { Parse(json, texts); }
void FromJson(const std::string& json, std::map<std::string, std::string>& pairs) { Parse(json, pairs); }
void FromJson(const std::string& json, std::vector<model::Address>& addresses) { Parse(json, addresses); }
void FromJson(const std::string& json, std::vector<model::Image>& images) { Parse(json, images); }
void FromJson(const std::string& json, std::vector<model::OperationStep>& steps) { Parse(json, steps); }
void FromJson(const std::string& json, std::vector<model::SecurityGroupRule>& rules) { Parse(json, rules); }
void FromJson(const std::string& json, std::vector<model::FieldChange>& changes) { Parse(json, changes); }
void FromJson(const std::string& json, model::Build& build) { Parse(json, build); }
void FromJson(const std::string& json, model::ClusterSpec& spec) { Parse(json, spec); }
void FromJson(const std::string& json, model::AskedChange& asked) { Parse(json, asked); }
void FromJson(const std::string& json, std::vector<model::OperationId>& ids) {
  std::vector<std::string> texts;
  Parse(json, texts);
  ids.clear();
  for (const std::string& text : texts) ids.emplace_back(text);
}
void FromJson(const std::string& json, std::map<model::Incarnation, std::uint64_t>& numbers) {
  ParseByIncarnation(json, numbers);
}
void FromJson(const std::string& json, std::map<model::Incarnation, std::string>& texts) {
  ParseByIncarnation(json, texts);
}

}  // namespace cacheplane::store
