// One table: gRPC's status codes as names and as HTTP statuses.
#pragma once

#include <string_view>

namespace cacheplane::gateway {

struct CodeMapping {
  std::string_view name;  // "INVALID_ARGUMENT"
  int http_status;
};

// `code` as in grpc::StatusCode; anything unknown maps like UNKNOWN.
CodeMapping MappingOf(int code);

}  // namespace cacheplane::gateway
