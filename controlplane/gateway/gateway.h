// The HTTP side of the control plane:
//
//   GET  /healthz, /readyz, /metrics
//   POST /v1/<Service>/<Method>   the public gRPC API as JSON (cacheplane.v1, protobuf's JSON mapping)
//   POST /                        the AWS Query API (aws/)
//
// Errors are {"error":{"code":"NOT_FOUND","message":"…"}} with the matching HTTP status; at /, AWS error documents. The
// Host header must name a loopback host or one of the allowed ones, so that a web page cannot reach a local control
// plane by a name it controls; there is no CORS.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/gateway/http_server.h"
#include "controlplane/gateway/metrics.h"

namespace grpc {
class Channel;
}

namespace cacheplane::gateway {

class Gateway {
 public:
  struct Deps {
    // To the server of the public API; grpc::Server::InProcessChannel in production.
    std::shared_ptr<grpc::Channel> channel;
    // Ok when the process can serve; otherwise why not. Thread-safe.
    std::function<Status()> ready;
    FigureSource figures;
    HttpHandler query;  // serves POST /
  };
  struct Options {
    HttpServer::Options http;
    std::vector<std::string> allowed_hosts;  // lower case, without port, beside loopback
    bool json_api = true;                    // whether /v1/ is served: it asks nobody who he is
  };

  // Listens and serves; errors of HttpServer::Start.
  static Result<std::unique_ptr<Gateway>> Start(Options options, Deps deps);
  ~Gateway();

  int port() const;
  // Stops serving. Call before the gRPC server of the channel shuts down.
  void Shutdown();

 private:
  struct Impl;
  explicit Gateway(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cacheplane::gateway
