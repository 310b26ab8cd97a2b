// Our errors as gRPC statuses, for the sessions of this folder. Included only by .cc files that speak gRPC.
#pragma once

#include <grpcpp/support/status.h>

#include "common/result.h"

namespace cacheplane::agents {

grpc::Status ToGrpcStatus(const Error& error);

}  // namespace cacheplane::agents
