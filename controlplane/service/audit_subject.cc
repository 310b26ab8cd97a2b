#include "controlplane/service/audit_subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "common/text.h"
#include "controlplane/service/history.h"

namespace cacheplane::service {
namespace {

using Fields = std::map<std::string, std::string>;
using ports::Transaction;

constexpr const char* kNone = "none";

void AddAll(const std::string& prefix, const std::map<std::string, std::string>& values, Fields& fields) {
  for (const auto& [name, value] : values) fields[prefix + name] = fmt::format("\"{}\"", value);
}

Fields FieldsOf(const model::Cluster& cluster) {
  std::vector<std::string> queue;
  for (const model::OperationId& id : cluster.queue) queue.push_back(id.str());
  return {{"revision", std::to_string(cluster.generation)},
          {"queue", Join(queue, ", ")},
          {"status", std::string(model::ClusterStatusName(cluster.status))},
          {"operation", cluster.operation.str()}};
}

Fields FieldsOf(const model::ParameterGroup& group) {
  Fields fields = {{"family", group.family}, {"description", group.description}};
  AddAll("parameters.", group.values, fields);
  AddAll("tags.", group.tags, fields);
  return fields;
}

Fields FieldsOf(const model::SubnetGroup& group) {
  Fields fields = {{"description", group.description}, {"subnets", Join(group.subnets, ", ")}};
  AddAll("tags.", group.tags, fields);
  return fields;
}

Fields FieldsOf(const model::Subnet& subnet) {
  return {{"zone", subnet.zone}, {"cidr", model::FormatCidr(subnet.cidr)}};
}

Fields FieldsOf(const model::SecurityGroup& group) {
  std::vector<std::string> rules;
  for (const model::SecurityGroupRule& rule : group.ingress) {
    rules.push_back(
        fmt::format("{} {}-{} from {}", rule.protocol, rule.from_port, rule.to_port, model::FormatCidr(rule.cidr)));
  }
  return {{"description", group.description}, {"ingress", Join(rules, ", ")}};
}

Fields FieldsOf(const model::AccessKey& key) {
  return {{"role", std::string(model::AccessRoleName(key.role))},
          {"description", key.description},
          {"revoked", key.revoked ? "yes" : "no"}};
}

Fields FieldsOf(const model::Host& host) { return {{"admission", std::string(model::AdmissionName(host.admission))}}; }

Fields FieldsOf(const model::Operation& operation) {
  return {{"status", std::string(model::OperationStatusName(operation.status))},
          {"cancelled", operation.cancelled ? "yes" : "no"}};
}

template <typename T>
Fields FieldsOf(const std::optional<T>& row) {
  return row ? FieldsOf(*row) : Fields();
}

struct Kind {
  std::string_view name;
  Fields (*look)(Transaction& transaction, const std::string& name);
};

constexpr std::array<Kind, 8> kKinds = {{
    {"cluster", [](Transaction& t, const std::string& name) { return FieldsOf(t.clusters().Find(name)); }},
    {"parameter-group",
     [](Transaction& t, const std::string& name) { return FieldsOf(t.parameter_groups().Find(name)); }},
    {"subnet-group",
     [](Transaction& t, const std::string& name) { return FieldsOf(t.network().FindSubnetGroup(name)); }},
    {"subnet", [](Transaction& t, const std::string& name) { return FieldsOf(t.network().FindSubnet(name)); }},
    {"security-group",
     [](Transaction& t, const std::string& name) { return FieldsOf(t.network().FindSecurityGroup(name)); }},
    {"access-key",
     [](Transaction& t, const std::string& name) { return FieldsOf(t.access_keys().Find(model::AccessKeyId(name))); }},
    {"agent",
     [](Transaction& t, const std::string& name) { return FieldsOf(t.hosts().FindHost(model::AgentName(name))); }},
    {"operation",
     [](Transaction& t, const std::string& name) {
       return FieldsOf(t.journal().FindOperation(model::OperationId(name)));
     }},
}};

std::string Shown(const Fields& fields, const std::string& name) {
  const auto field = fields.find(name);
  return field == fields.end() || field->second.empty() ? kNone : field->second;
}

model::Definition DefinitionOf(const SubjectState& state) {
  return state.cluster ? model::Definition{state.cluster->spec, state.cluster->pending} : model::Definition{};
}

}  // namespace

AuditSubject ResolveSubject(Transaction& transaction, AuditSubject subject) {
  if (subject.kind != "access-key") subject.name = ToLower(subject.name);
  if (subject.kind != "cache-cluster") return subject;
  if (transaction.clusters().Find(subject.name)) return {"cluster", subject.name};
  std::string group = model::ClusterOfNode(subject.name);
  const auto cluster = transaction.clusters().Find(group);
  if (!cluster || cluster->form != model::ClusterForm::kReplicationGroup) return subject;
  return {"cluster", std::move(group)};
}

SubjectState StateOf(Transaction& transaction, const AuditSubject& subject) {
  SubjectState state;
  if (subject.kind == "cluster") state.cluster = transaction.clusters().Find(subject.name);
  const auto* kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& row) { return row.name == subject.kind; });
  if (kind != kKinds.end()) state.fields = kind->look(transaction, subject.name);
  return state;
}

std::vector<model::FieldChange> ChangesBetween(const SubjectState& before, const SubjectState& after) {
  std::vector<model::FieldChange> changes = FieldChanges(DefinitionOf(before), DefinitionOf(after));
  std::set<std::string> names;
  for (const Fields* fields : {&before.fields, &after.fields}) {
    for (const auto& [name, value] : *fields) names.insert(name);
  }
  for (const std::string& name : names) {
    model::FieldChange change{name, Shown(before.fields, name), Shown(after.fields, name)};
    if (change.before != change.after) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace cacheplane::service
