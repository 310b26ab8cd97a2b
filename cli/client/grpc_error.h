// gRPC's status codes as ours.
#pragma once

#include <string>

#include "common/result.h"

namespace cacheplane::cli {

// `code` is a grpc::StatusCode other than OK; an int here, for gRPC's headers stay in .cc files.
Error FromGrpc(int code, const std::string& message);

}  // namespace cacheplane::cli
