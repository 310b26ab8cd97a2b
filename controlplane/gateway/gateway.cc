#include "controlplane/gateway/gateway.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "common/text.h"
#include "controlplane/gateway/aws/reply.h"
#include "controlplane/gateway/host_check.h"
#include "controlplane/gateway/json_error.h"
#include "controlplane/gateway/json_transcoder.h"

namespace cacheplane::gateway {
namespace {

constexpr std::string_view kApiPrefix = "/v1/";
constexpr std::string_view kQueryPath = "/";
// Above WaitOperation's longest wait and below the server's own limit for an answer.
constexpr std::chrono::seconds kCallDeadline{70};

HttpResponse Text(int status, std::string body, std::string content_type = "text/plain; charset=utf-8") {
  HttpResponse response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

std::string_view AwsCodeOf(int status) {
  switch (status) {
    case 403: return "AccessDenied";
    case 405: return "MethodNotAllowed";
    case 413: return "RequestEntityTooLarge";
    case 504: return "ServiceUnavailable";
    default: return "MalformedQueryString";
  }
}

// As those who ask at `path` read errors.
HttpResponse Refusal(std::string_view path, int status, std::string_view code, std::string_view message) {
  if (path != kQueryPath) return JsonError(status, code, message);
  return aws::EarlyFaultReply({std::string(AwsCodeOf(status)), status, std::string(message)});
}

bool IsJson(std::string_view content_type) {
  return ToLower(Trim(content_type.substr(0, content_type.find(';')))) == "application/json";
}

}  // namespace

struct Gateway::Impl {
  Impl(Options given, Deps from)
      : options(std::move(given)), deps(std::move(from)), transcoder(deps.channel, kCallDeadline) {}

  struct Route {
    std::string_view verb;
    std::string_view path;
    bool prefix;  // also everything below
    void (Impl::*serve)(const HttpRequest&, HttpReply) const;

    bool Matches(const HttpRequest& request) const {
      return prefix ? request.path.starts_with(path) : request.path == path;
    }
  };
  static const std::array<Route, 5> kRoutes;

  void Handle(const HttpRequest& request, HttpReply reply) const {
    if (!HostAllowed(request.Header("host"), options.allowed_hosts)) {
      return reply(Refusal(request.path, 403, "PERMISSION_DENIED",
                           fmt::format("host \"{}\" is not served here; cacheplaned --allowed-host changes that",
                                       request.Header("host"))));
    }
    for (const Route& route : kRoutes) {
      if (!route.Matches(request)) continue;
      if (request.method == route.verb) return (this->*route.serve)(request, std::move(reply));
      return reply(WrongVerb(request, route));
    }
    reply(JsonError(404, "NOT_FOUND", fmt::format("there is nothing at {}", request.path)));
  }

  static HttpResponse WrongVerb(const HttpRequest& request, const Route& route) {
    HttpResponse response = Refusal(request.path, 405, "METHOD_NOT_ALLOWED",
                                    fmt::format("{} takes {}, not {}", request.path, route.verb, request.method));
    response.headers.emplace_back("Allow", std::string(route.verb));
    return response;
  }

  void Health(const HttpRequest&, HttpReply reply) const { reply(Text(200, "ok\n")); }

  void Readiness(const HttpRequest&, HttpReply reply) const {
    const Status ready = deps.ready();
    reply(ready.ok() ? Text(200, "ready\n") : JsonError(503, "UNAVAILABLE", ready.error().message));
  }

  void Metrics(const HttpRequest&, HttpReply reply) const {
    reply(Text(200, MetricsText(deps.figures(), ReadProcessFigures()), "text/plain; version=0.0.4; charset=utf-8"));
  }

  void Api(const HttpRequest& request, HttpReply reply) const {
    if (!options.json_api) {
      return reply(JsonError(403, "PERMISSION_DENIED",
                             "the JSON API asks nobody who he is, and is served only where HTTP listens on loopback"));
    }
    const std::string_view name = std::string_view(request.path).substr(kApiPrefix.size());
    if (!transcoder.Knows(name)) {
      return reply(JsonError(404, "NOT_FOUND",
                             fmt::format("there is no {}; calls have the form /v1/ClusterService/GetCluster", name)));
    }
    if (!IsJson(request.Header("content-type"))) {
      return reply(
          JsonError(415, "UNSUPPORTED_MEDIA_TYPE",
                    fmt::format("content type \"{}\" is not application/json", request.Header("content-type"))));
    }
    transcoder.Call(name, request.body, request.peer, std::move(reply));
  }

  void Query(const HttpRequest& request, HttpReply reply) const { deps.query(request, std::move(reply)); }

  const Options options;
  const Deps deps;
  const JsonTranscoder transcoder;
  std::unique_ptr<HttpServer> server;  // last: stops before what its handlers use
};

const std::array<Gateway::Impl::Route, 5> Gateway::Impl::kRoutes = {{
    {"GET", "/healthz", false, &Impl::Health},
    {"GET", "/readyz", false, &Impl::Readiness},
    {"GET", "/metrics", false, &Impl::Metrics},
    {"POST", kApiPrefix, true, &Impl::Api},
    {"POST", kQueryPath, false, &Impl::Query},
}};

Gateway::Gateway(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Gateway::~Gateway() = default;

Result<std::unique_ptr<Gateway>> Gateway::Start(Options options, Deps deps) {
  options.http.complain = Refusal;
  auto impl = std::make_unique<Impl>(std::move(options), std::move(deps));
  CP_ASSIGN_OR_RETURN(impl->server, HttpServer::Start(impl->options.http,
                                                      [raw = impl.get()](const HttpRequest& request, HttpReply reply) {
                                                        raw->Handle(request, std::move(reply));
                                                      }));
  return std::unique_ptr<Gateway>(new Gateway(std::move(impl)));
}

int Gateway::port() const { return impl_->server->port(); }

void Gateway::Shutdown() { impl_->server->Shutdown(); }

}  // namespace cacheplane::gateway
