#include "controlplane/api/audited_call.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "cacheplane/v1/access_key.pb.h"

namespace cacheplane::api {
namespace {

namespace pb = google::protobuf;
using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kPackage = "/cacheplane.v1.";
constexpr std::array<std::string_view, 3> kSchemes = {"ipv4:", "ipv6:", "unix"};  // of sockets
constexpr std::array<std::string_view, 4> kReads = {"Get", "List", "Wait", "Watch"};
// By the end of the method's name; all others are about clusters.
constexpr std::array<Pair, 7> kKinds = {{{"ParameterGroup", "parameter-group"},
                                         {"SubnetGroup", "subnet-group"},
                                         {"SecurityGroup", "security-group"},
                                         {"Subnet", "subnet"},
                                         {"AccessKey", "access-key"},
                                         {"Agent", "agent"},
                                         {"Operation", "operation"}}};
constexpr std::array<const char*, 17> kCodes = {
    "ok",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

std::string_view NameOf(std::string_view method) { return method.substr(method.rfind('/') + 1); }

std::string KindOf(std::string_view name) {
  const auto* row =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Pair& pair) { return name.ends_with(pair.first); });
  return std::string(row == kKinds.end() ? "cluster" : row->second);
}

using Parameters = std::map<std::string, std::string>;

void Add(const pb::Message& message, const std::string& prefix, Parameters& parameters);

std::string TextOf(const pb::Message& message, const pb::FieldDescriptor& field, int index) {
  std::string text;
  if (field.type() != pb::FieldDescriptor::TYPE_STRING) {
    pb::TextFormat::PrintFieldValueToString(message, &field, index, &text);
    return text;
  }
  const pb::Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.GetRepeatedString(message, &field, index)
                             : reflection.GetString(message, &field);
}

// `index`: -1 unless the field is repeated.
void AddValue(const pb::Message& message, const pb::FieldDescriptor& field, int index, const std::string& name,
              Parameters& parameters) {
  if (field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) {
    parameters[name] = service::IsSecretParameter(name) ? "(not shown)" : TextOf(message, field, index);
    return;
  }
  const pb::Reflection& reflection = *message.GetReflection();
  const pb::Message& inner =
      index < 0 ? reflection.GetMessage(message, &field) : reflection.GetRepeatedMessage(message, &field, index);
  if (!field.is_map()) return Add(inner, name + ".", parameters);
  const std::string key = TextOf(inner, *field.message_type()->map_key(), -1);
  AddValue(inner, *field.message_type()->map_value(), -1, name + "." + key, parameters);
}

// Fields that are set: "spec.engine", "parameters.0.name", "spec.tags.team".
void Add(const pb::Message& message, const std::string& prefix, Parameters& parameters) {
  std::vector<const pb::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    const std::string name = prefix + field->name();
    if (!field->is_repeated()) {
      AddValue(message, *field, -1, name, parameters);
      continue;
    }
    for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
      AddValue(message, *field, i, field->is_map() ? name : fmt::format("{}.{}", name, i), parameters);
    }
  }
}

// Where requests have the name of what they are about.
std::string SubjectIn(const Parameters& parameters, std::string kind) {
  std::replace(kind.begin(), kind.end(), '-', '_');
  for (const std::string& field : {kind + ".name", std::string("name"), std::string("id"), std::string("cluster")}) {
    const auto found = parameters.find(field);
    if (found != parameters.end()) return found->second;
  }
  return "";
}

// gRPC has no word for who calls through a channel inside the process.
bool IsInside(std::string_view peer) {
  return std::none_of(kSchemes.begin(), kSchemes.end(),
                      [&](std::string_view scheme) { return peer.starts_with(scheme); });
}

bool IsLoopback(std::string_view peer) {
  return peer.empty() || peer.starts_with("127.") || peer.starts_with("[::1]") || peer.starts_with("unix");
}

}  // namespace

bool IsChange(std::string_view method) {
  if (!method.starts_with(kPackage)) return false;
  const std::string_view name = NameOf(method);
  return std::none_of(kReads.begin(), kReads.end(), [&](std::string_view verb) { return name.starts_with(verb); });
}

bool IsDryRun(const pb::Message& request) {
  const pb::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && request.GetReflection()->GetBool(request, field);
}

void Describe(std::string_view method, const pb::Message& request, model::AuditRecord& record) {
  record.operation = method.substr(kPackage.size());
  Add(request, "", record.parameters);
  record.resource_kind = KindOf(NameOf(method));
  record.resource = SubjectIn(record.parameters, record.resource_kind);
}

void DescribeNew(const pb::Message& response, model::AuditRecord& record) {
  const auto* created = pb::DynamicCastToGenerated<v1::CreateAccessKeyResponse>(&response);
  if (created != nullptr) record.resource = created->access_key().id();
}

void SetCaller(std::string_view peer, std::string_view told, model::AuditRecord& record) {
  const bool inside = IsInside(peer);
  for (const std::string_view scheme : {"ipv4:", "ipv6:"}) {
    if (peer.starts_with(scheme)) peer.remove_prefix(scheme.size());
  }
  record.admitted = true;
  record.interface = inside ? "json" : "grpc";
  record.peer = inside ? told : peer;
  for (const auto& [escaped, plain] : {Pair{"%5B", "["}, Pair{"%5D", "]"}}) {
    const auto at = record.peer.find(escaped);
    if (at != std::string::npos) record.peer.replace(at, escaped.size(), plain);
  }
  record.caller = IsLoopback(record.peer) ? "local" : "remote";
}

service::AuditOutcome OutcomeOf(int code, std::string message) {
  const bool known = code >= 0 && std::cmp_less(code, kCodes.size());
  return {known ? kCodes.at(static_cast<std::size_t>(code)) : "UNKNOWN", std::move(message)};
}

}  // namespace cacheplane::api
