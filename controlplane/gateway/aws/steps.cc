#include "controlplane/gateway/aws/steps.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <variant>

#include "common/text.h"
#include "controlplane/gateway/aws/wire/decode.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

std::string_view Parameter(const Exchange& exchange, std::string_view name) {
  const auto found = exchange.form.find(name);
  return found == exchange.form.end() ? std::string_view() : std::string_view(found->second);
}

bool IsForm(std::string_view content_type) {
  return ToLower(Trim(content_type.substr(0, content_type.find(';')))) == kFormType;
}

// STS clients may sign for another region's or service's scope; the version tells them.
bool IsForSts(const Served& served, const Exchange& exchange) {
  if (exchange.scope && exchange.scope->service == served.sts.service) return true;
  return Parameter(exchange, "Version") == served.sts.version &&
         served.sts.find(Parameter(exchange, "Action")) != nullptr;
}

}  // namespace

std::optional<Fault> CheckTransport(const Served&, Exchange& exchange) {
  const HttpRequest& request = exchange.request;
  if (request.method != "POST") {
    return InvalidAction(fmt::format("method {}: is not served at /; allowed: POST", Quoted(request.method)));
  }
  if (!request.query.empty()) {
    return InvalidAction("the URL has parameters; allowed: parameters in the body of the request");
  }
  if (!IsForm(request.Header("content-type"))) {
    return InvalidAction(
        fmt::format("content type {}: is not taken; allowed: {}", Quoted(request.Header("content-type")), kFormType));
  }
  return std::nullopt;
}

std::optional<Fault> ReadForm(const Served& served, Exchange& exchange) {
  auto form = ParseForm(exchange.request.body);
  if (auto* fault = std::get_if<Fault>(&form)) return std::move(*fault);
  exchange.form = std::get<Form>(std::move(form));
  exchange.action = Parameter(exchange, "Action");
  if (IsForSts(served, exchange)) exchange.api = &served.sts;
  return std::nullopt;
}

std::optional<Fault> KnowCaller(const Served& served, Exchange& exchange) {
  auto identity = served.authenticator.Authenticate(exchange.request, served.clock.Now());
  if (auto* fault = std::get_if<Fault>(&identity)) return std::move(*fault);
  exchange.caller = std::get<Identity>(std::move(identity));
  exchange.known = exchange.scope.has_value();
  if (exchange.known) return std::nullopt;
  return Fault{"IncompleteSignature", 400,
               "the Authorization header has no scope; allowed: AWS4-HMAC-SHA256 Credential=<access "
               "key>/<date>/<region>/<service>/aws4_request, …"};
}

std::optional<Fault> FindService(const Served& served, Exchange& exchange) {
  if (exchange.api == &served.sts || exchange.scope->service == exchange.api->service) return std::nullopt;
  return InvalidAction(fmt::format("service {}: is not served here; allowed: {}, {}, {}",
                                   Quoted(exchange.scope->service), served.elasticache.service, served.sts.service,
                                   served.ec2.service));
}

std::optional<Fault> FindOperation(const Served&, Exchange& exchange) {
  if (exchange.action.empty()) {
    return Fault{"MissingAction", 400, "Action: is required and was not given"};
  }
  const std::string_view version = Parameter(exchange, "Version");
  const std::string shown = Quoted(version.empty() ? "NO_VERSION_SPECIFIED" : version);
  exchange.operation = exchange.api->find(exchange.action);
  if (exchange.operation != nullptr && version == exchange.api->version) return std::nullopt;
  const std::string why = version == exchange.api->version
                              ? std::string("it has no such operation, or none that is built")
                              : fmt::format("this is version {}", exchange.api->version);
  return InvalidAction(fmt::format("Could not find operation {} for version {} of {}; {}", Quoted(exchange.action),
                                   shown, exchange.api->service, why));
}

std::optional<Fault> CheckRole(const Served&, Exchange& exchange) {
  const model::AccessRole role = exchange.caller.role;
  if (role != model::AccessRole::kViewer || IsReading(exchange.action)) return std::nullopt;
  return Fault{"AccessDenied", 403,
               fmt::format("{} has the role {}, which may only read; {} takes the role operator or admin",
                           exchange.caller.access_key, Quoted(model::AccessRoleName(role)), exchange.action)};
}

std::optional<Fault> CheckBuilt(const Served&, Exchange& exchange) {
  if (exchange.api->handlers.contains(exchange.action)) return std::nullopt;
  return InvalidAction(fmt::format("{} is not built yet", exchange.action));
}

std::optional<Fault> DecodeInput(const Served&, Exchange& exchange) {
  auto decoded = Decode(exchange.form, *exchange.operation->input);
  if (auto* fault = std::get_if<Fault>(&decoded)) return std::move(*fault);
  exchange.input = std::move(std::get<Decoded>(decoded).input);
  exchange.unknown = std::move(std::get<Decoded>(decoded).unknown);
  return std::nullopt;
}

}  // namespace cacheplane::gateway::aws
