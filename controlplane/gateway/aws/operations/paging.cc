#include "controlplane/gateway/aws/operations/paging.h"

#include "controlplane/gateway/aws/operations/read_input.h"

namespace cacheplane::gateway::aws {

std::variant<service::ListRequest, Fault> PageOf(const Json& input) {
  auto request = ListRequestIn(input);
  if (!request.ok()) return InvalidParameterValue(request.error().message);
  return *std::move(request);
}

void PutMarker(Json& result, const std::string& next_token) {
  if (!next_token.empty()) result["Marker"] = next_token;
}

}  // namespace cacheplane::gateway::aws
