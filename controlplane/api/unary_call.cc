#include "controlplane/api/unary_call.h"

#include <string>

namespace cacheplane::api {

void EchoRequestId(grpc::CallbackServerContext& context) {
  constexpr const char* kHeader = "x-request-id";
  const auto found = context.client_metadata().find(kHeader);
  if (found == context.client_metadata().end()) return;
  context.AddInitialMetadata(kHeader, std::string(found->second.data(), found->second.size()));
}

}  // namespace cacheplane::api
