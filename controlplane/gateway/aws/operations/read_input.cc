#include "controlplane/gateway/aws/operations/read_input.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "controlplane/gateway/aws/wire/utf8.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::size_t kShownBytes = 200;

const Json* Find(const Json& input, const char* member) {
  const auto found = input.find(member);
  return found == input.end() || found->is_null() ? nullptr : &*found;
}

int Clamped(std::int64_t number) {
  using Limits = std::numeric_limits<int>;
  return static_cast<int>(std::clamp<std::int64_t>(number, Limits::min(), Limits::max()));
}

}  // namespace

std::string TextIn(const Json& input, const char* member) {
  const Json* value = Find(input, member);
  return value == nullptr ? "" : value->get<std::string>();
}

std::optional<int> NumberIn(const Json& input, const char* member) {
  const Json* value = Find(input, member);
  return value == nullptr ? std::nullopt : std::optional(Clamped(value->get<std::int64_t>()));
}

std::optional<bool> FlagIn(const Json& input, const char* member) {
  const Json* value = Find(input, member);
  return value == nullptr ? std::nullopt : std::optional(value->get<bool>());
}

std::vector<std::string> TextsIn(const Json& input, const char* member) {
  const Json* value = Find(input, member);
  return value == nullptr ? std::vector<std::string>{} : value->get<std::vector<std::string>>();
}

Json StructuresIn(const Json& input, const char* member) {
  const Json* value = Find(input, member);
  return value == nullptr ? Json::array() : *value;
}

Result<service::Tags> TagsIn(const Json& input) {
  service::Tags tags;
  for (const Json& tag : StructuresIn(input, "Tags")) {
    const std::string key = TextIn(tag, "Key");
    if (tags.emplace(key, TextIn(tag, "Value")).second) continue;
    return service::Invalid("Tags", key, "is the key of two tags", "each key once");
  }
  return tags;
}

bool IsEmptyIn(const Json& input, const char* member) {
  const Json* value = Find(input, member);
  if (value == nullptr) return true;
  return value->is_string() ? value->get_ref<const std::string&>().empty() : value->is_array() && value->empty();
}

std::string ShownValue(const Json& value) {
  if (value.is_string()) return service::Quoted(value.get_ref<const std::string&>());
  return Shortened(value.dump(-1, ' ', false, Json::error_handler_t::replace), kShownBytes);
}

Result<service::ListRequest> ListRequestIn(const Json& input) {
  service::ListRequest request{.page_size = 0, .page_token = TextIn(input, "Marker")};
  const std::optional<int> most = NumberIn(input, "MaxRecords");
  if (!most) return request;
  CP_RETURN_IF_ERROR(service::CheckRange("MaxRecords", *most, 1, service::kLargestPage));
  request.page_size = *most;
  return request;
}

std::string RequestIdOf(const Call& call) {
  if (call.invocation_id.empty()) return "";
  std::string id = "aws-" + call.invocation_id;
  return service::CheckRequestId(id).ok() ? id : "";
}

}  // namespace cacheplane::gateway::aws
