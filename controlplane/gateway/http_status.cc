#include "controlplane/gateway/http_status.h"

#include <array>
#include <cstddef>

namespace cacheplane::gateway {
namespace {

// In the order of the codes' numbers; HTTP statuses as in google/rpc/code.proto.
constexpr std::array<CodeMapping, 17> kMappings = {{
    {"OK", 200},
    {"CANCELLED", 499},
    {"UNKNOWN", 500},
    {"INVALID_ARGUMENT", 400},
    {"DEADLINE_EXCEEDED", 504},
    {"NOT_FOUND", 404},
    {"ALREADY_EXISTS", 409},
    {"PERMISSION_DENIED", 403},
    {"RESOURCE_EXHAUSTED", 429},
    {"FAILED_PRECONDITION", 400},
    {"ABORTED", 409},
    {"OUT_OF_RANGE", 400},
    {"UNIMPLEMENTED", 501},
    {"INTERNAL", 500},
    {"UNAVAILABLE", 503},
    {"DATA_LOSS", 500},
    {"UNAUTHENTICATED", 401},
}};
constexpr std::size_t kUnknown = 2;

}  // namespace

CodeMapping MappingOf(int code) {
  const auto index = static_cast<std::size_t>(code);
  return code >= 0 && index < kMappings.size() ? kMappings[index] : kMappings[kUnknown];
}

}  // namespace cacheplane::gateway
