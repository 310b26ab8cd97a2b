#include "controlplane/gateway/aws/paging.h"

#include <fmt/format.h>

namespace cacheplane::gateway::aws {

std::variant<service::ListRequest, Fault> PageOf(const Json& input) {
  service::ListRequest request;
  request.page_token = input.value("Marker", "");
  if (!input.contains("MaxRecords")) return request;
  const auto most = input["MaxRecords"].get<std::int64_t>();
  if (most < 1 || most > service::kLargestPage) {
    return InvalidParameterValue(
        fmt::format("MaxRecords: {} is out of range; allowed: 1 to {}", most, service::kLargestPage));
  }
  request.page_size = static_cast<int>(most);
  return request;
}

void PutMarker(Json& result, const std::string& next_token) {
  if (!next_token.empty()) result["Marker"] = next_token;
}

}  // namespace cacheplane::gateway::aws
