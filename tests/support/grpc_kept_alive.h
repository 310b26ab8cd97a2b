// gRPC 1.51 ends its process now and then when the last of its callback queues goes while a thread of it still looks at
// that ("ref_counted.h: assertion failed: prior > 0", one of 250 runs of tests that start a server each). With one that
// never goes there is no last.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

namespace cacheplane::test {

inline void KeepGrpcAlive() {
  static const grpc::Server* const server = [] {
    auto* service = new grpc::CallbackGenericService();
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(service);
    return builder.BuildAndStart().release();
  }();
  static_cast<void>(server);
}

}  // namespace cacheplane::test
