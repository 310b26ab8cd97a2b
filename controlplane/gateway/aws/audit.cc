#include "controlplane/gateway/aws/audit.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "controlplane/gateway/aws/wire/arn.h"
#include "controlplane/gateway/aws/wire/utf8.h"

namespace cacheplane::gateway::aws {
namespace {

using service::AuditSubject;
using Pair = std::pair<std::string_view, std::string_view>;

constexpr const char* kNotShown = "(not shown)";

// Who a call is about, by the parameter that names it.
constexpr std::array<Pair, 11> kKinds = {{{"ReplicationGroupId", "cluster"},
                                          {"CacheClusterId", "cache-cluster"},
                                          {"CacheParameterGroupName", "parameter-group"},
                                          {"CacheSubnetGroupName", "subnet-group"},
                                          {"CacheSecurityGroupName", "cache-security-group"},
                                          {"SnapshotName", "snapshot"},
                                          {"UserId", "user"},
                                          {"UserGroupId", "user-group"},
                                          {"ServerlessCacheName", "serverless-cache"},
                                          {"GlobalReplicationGroupId", "global-replication-group"},
                                          {"ServiceUpdateName", "service-update"}}};
// Any other type is whatever a stranger wrote.
constexpr std::array<Pair, 10> kKindsOfArns = {{{"replicationgroup", "cluster"},
                                                {"cluster", "cache-cluster"},
                                                {"parametergroup", "parameter-group"},
                                                {"subnetgroup", "subnet-group"},
                                                {"securitygroup", "cache-security-group"},
                                                {"snapshot", "snapshot"},
                                                {"user", "user"},
                                                {"usergroup", "user-group"},
                                                {"serverlesscache", "serverless-cache"},
                                                {"globalreplicationgroup", "global-replication-group"}}};

template <typename Table>
std::string KindIn(const Table& table, std::string_view name, std::string_view otherwise) {
  const auto* row = std::find_if(table.begin(), table.end(), [&](const Pair& pair) { return pair.first == name; });
  return std::string(row == table.end() ? otherwise : row->second);
}

AuditSubject SubjectOfArn(const Exchange& exchange, const std::string& name) {
  const auto arn = ParseArn(name, exchange.scope ? exchange.scope->region : "");
  if (!arn) return {};
  const std::string kind = KindIn(kKindsOfArns, arn->type, "");
  return kind.empty() ? AuditSubject() : AuditSubject{kind, arn->id};
}

// What a batch names, when that is one alone.
std::optional<AuditSubject> OnlySubjectOf(const Form& form) {
  std::vector<AuditSubject> subjects;
  for (const auto& [name, value] : form) {
    if (name.starts_with("ReplicationGroupIds.")) subjects.push_back({"cluster", value});
    if (name.starts_with("CacheClusterIds.")) subjects.push_back({"cache-cluster", value});
  }
  return subjects.size() == 1 ? std::optional(subjects.front()) : std::nullopt;
}

// What a batch names alone, else the first required parameter that names something.
AuditSubject SubjectOf(const Exchange& exchange) {
  const ModelOperation* operation = exchange.api->find(exchange.action);
  if (operation == nullptr) return {};
  if (auto subject = OnlySubjectOf(exchange.form)) return *std::move(subject);
  for (const Member& member : operation->input->members) {
    const auto given = exchange.form.find(member.name);
    if (!member.required || given == exchange.form.end()) continue;
    if (member.name == "ResourceName") return SubjectOfArn(exchange, given->second);
    std::string kind = KindIn(kKinds, member.name, "");
    if (!kind.empty()) return {std::move(kind), given->second};
  }
  return {};
}

// Headers can have any bytes.
std::string Readable(std::string text) {
  if (IsUtf8(text)) return text;
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return text;
}

// By its own name, or by that of what it is the value of: of a tag, of an engine's parameter.
bool IsSecret(const Form& form, const std::string& name) {
  if (service::IsSecretParameter(name)) return true;
  for (const auto& [value, key] : {Pair{".ParameterValue", ".ParameterName"}, Pair{".Value", ".Key"}}) {
    if (!name.ends_with(value)) continue;
    const auto named = form.find(name.substr(0, name.size() - value.size()) + std::string(key));
    return named != form.end() && service::IsSecretParameter(named->second);
  }
  return false;
}

std::string WithoutSecrets(const Form& form, std::string message) {
  for (const auto& [name, value] : form) {
    if (value.empty() || !IsSecret(form, name)) continue;
    for (auto at = message.find(value); at != std::string::npos;
         at = message.find(value, at + std::string_view(kNotShown).size())) {
      message.replace(at, value.size(), kNotShown);
    }
  }
  return message;
}

std::map<std::string, std::string> ParametersOf(const Form& form) {
  std::map<std::string, std::string> parameters(form.begin(), form.end());
  parameters.erase("Action");
  parameters.erase("Version");
  for (auto& [name, value] : parameters) {
    if (IsSecret(form, name)) value = kNotShown;
  }
  return parameters;
}

}  // namespace

bool IsAudited(const Exchange& exchange) { return !exchange.action.empty() && !IsReading(exchange.action); }

model::AuditRecord RecordOf(const Exchange& exchange) {
  model::AuditRecord record;
  record.admitted = exchange.known;
  record.caller = exchange.caller.access_key;
  if (record.caller.empty() && exchange.scope) record.caller = Readable(exchange.scope->access_key);
  record.caller_name = exchange.caller.name;
  if (exchange.known) record.role = model::AccessRoleName(exchange.caller.role);
  record.peer = exchange.request.peer;
  record.interface = "aws-query";
  record.operation = exchange.action;
  AuditSubject subject = SubjectOf(exchange);
  record.resource_kind = std::move(subject.kind);
  record.resource = std::move(subject.name);
  record.parameters = ParametersOf(exchange.form);
  record.request_id = exchange.request_id;
  return record;
}

// Of a batch of which nothing was done, the first reason.
std::optional<Fault> FaultOfBatch(const Json& answer) {
  const Json done = answer.value("ProcessedUpdateActions", Json::array());
  const Json refused = answer.value("UnprocessedUpdateActions", Json::array());
  if (!done.empty() || refused.empty()) return std::nullopt;
  const Json& first = refused.front();
  return Fault{.code = first.value("ErrorType", ""), .message = first.value("ErrorMessage", "")};
}

service::AuditOutcome OutcomeOf(const Exchange& exchange, const Answer& answer) {
  const auto* done = std::get_if<Json>(&answer);
  const auto batch = done == nullptr ? std::nullopt : FaultOfBatch(*done);
  const auto* fault = batch ? &*batch : std::get_if<Fault>(&answer);
  if (fault == nullptr) return {"ok"};
  return {fault->code, Readable(WithoutSecrets(exchange.form, fault->message))};
}

}  // namespace cacheplane::gateway::aws
