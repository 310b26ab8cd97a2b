// The one table from our error codes to gRPC's.
#pragma once

#include "common/result.h"

namespace grpc {
class Status;
}

namespace cacheplane::api {

// Code and message; OK for a status that is ok.
grpc::Status ToGrpc(const Status& status);

}  // namespace cacheplane::api
