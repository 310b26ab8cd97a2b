// HTTP/1.1, as far as the control plane needs it. Only http_server.cc and http_connection.{h,cc} know Boost; handlers
// see plain values.
//
// A connection that is slow to send its request or to take its answer is closed: both have an absolute deadline, not
// one per byte (a client that drips a byte a second would otherwise hold its connection forever).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/result.h"

namespace cacheplane::gateway {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;   // "GET"
  std::string path;     // "/v1/ClusterService/GetCluster", as sent: not decoded
  std::string query;    // behind "?", as sent
  HttpHeaders headers;  // names in lower case
  std::string body;
  std::string peer{};  // who sent it: "127.0.0.1:40312"

  // Value of the header (its name in lower case); empty when there is none, the first when there are several.
  std::string_view Header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  HttpHeaders headers;
};

// Sends the answer. Once, from any thread; later calls do nothing. An answer that never comes becomes a 504.
using HttpReply = std::function<void(HttpResponse)>;
// Called on the server's threads; must not block for long.
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

// How the server itself refuses a request to `path`, which is empty when it was not read that far. `code` is the name
// of a gRPC status.
using HttpComplaint =
    std::function<HttpResponse(std::string_view path, int status, std::string_view code, std::string_view message)>;

class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    int port = 7080;  // 0: any free one
    int threads = 2;
    std::size_t max_connections = 512;
    std::size_t header_limit = 16 * 1024;
    std::size_t body_limit = 1024 * 1024;
    // For reading a request from its first byte (the first request: from the connection), and for writing an answer.
    std::chrono::milliseconds io_deadline = std::chrono::seconds(10);
    // Between two requests of a connection.
    std::chrono::milliseconds idle_limit = std::chrono::seconds(60);
    // For the handler's answer; above the longest call (WaitOperation, 60 s).
    std::chrono::milliseconds handler_deadline = std::chrono::seconds(75);
    HttpComplaint complain;  // empty: as JSON
  };

  // Listens and serves. kInvalidArgument for a malformed address; kUnavailable when it cannot listen there.
  static Result<std::unique_ptr<HttpServer>> Start(const Options& options, HttpHandler handler);
  ~HttpServer();

  int port() const;
  // Closes the listener and every connection; returns when no handler is running.
  void Shutdown();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cacheplane::gateway
