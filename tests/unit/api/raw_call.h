// Calls of services whose messages are not compiled into the tests: bytes out, bytes back.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace cacheplane::api {

// Sends one message to a unary or bidirectional method and returns the first answer's bytes; "" when there is none.
std::string RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                    const std::string& message);

}  // namespace cacheplane::api
