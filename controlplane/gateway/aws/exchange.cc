#include "controlplane/gateway/aws/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "common/log.h"
#include "common/text.h"
#include "controlplane/gateway/aws/reply.h"
#include "controlplane/gateway/aws/wire/xml.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::ptrdiff_t kNamesInLog = 10;
constexpr std::size_t kWordInLog = 80;
constexpr std::size_t kLongestInvocationId = 128;  // SDKs send UUIDs; ids are kept for a while

// The caller chooses these texts.
std::string Word(std::string_view text) { return text.empty() ? "-" : std::string(text.substr(0, kWordInLog)); }

std::string Ignored(const std::vector<std::string>& unknown) {
  if (unknown.empty()) return "";
  const auto shown = std::min(std::ssize(unknown), kNamesInLog);
  std::vector<std::string> names;
  std::transform(unknown.begin(), unknown.begin() + shown, std::back_inserter(names),
                 [](const std::string& name) { return Word(name); });
  const auto more = std::ssize(unknown) - shown;
  return fmt::format("; ignored: {}{}", Join(names, ", "), more > 0 ? fmt::format(" and {} more", more) : "");
}

HttpResponse ResultReply(const Exchange& exchange, const Json& result) {
  ResultDocument document = EncodeResult(*exchange.operation, result, exchange.api->xml_namespace, exchange.request_id,
                                         exchange.api->dialect);
  for (const std::string& misfit : document.misfits) {
    log::Error("aws {}: the result's {} does not fit the model and was left out", exchange.action, misfit);
  }
  return XmlReply(200, std::move(document.xml), exchange.request_id);
}

}  // namespace

bool IsReading(std::string_view action) {
  return action.starts_with("Describe") || action.starts_with("List") || action == "GetCallerIdentity";
}

Call CallOf(const Exchange& exchange) {
  return {exchange.action, exchange.input, exchange.scope->region, exchange.caller.access_key,
          std::string(exchange.request.Header("amz-sdk-invocation-id"))};
}

bool IsRetriable(const Exchange& exchange) {
  const std::string_view id = exchange.request.Header("amz-sdk-invocation-id");
  return !IsReading(exchange.action) && !id.empty() && id.size() <= kLongestInvocationId;
}

HttpResponse ResponseOf(const Exchange& exchange, const Answer& answer) {
  if (const auto* result = std::get_if<Json>(&answer)) return ResultReply(exchange, *result);
  const Fault& fault = std::get<Fault>(answer);
  const QueryApi& api = *exchange.api;
  return XmlReply(fault.http, EncodeFault(fault, api.xml_namespace, exchange.request_id, api.dialect),
                  exchange.request_id);
}

void LogExchange(const Exchange& exchange, const HttpResponse& response, std::string_view outcome, MonoTime now) {
  const std::string line = fmt::format("aws {} by {}: {} {} after {} ms, request {}{}", Word(exchange.action),
                                       Word(exchange.caller.access_key), response.status, outcome,
                                       (now - exchange.began).count(), exchange.request_id, Ignored(exchange.unknown));
  log::Write(IsReading(exchange.action) ? log::Level::kDebug : log::Level::kInfo, line);
}

}  // namespace cacheplane::gateway::aws
