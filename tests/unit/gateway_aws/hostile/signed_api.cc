#include "tests/unit/gateway_aws/hostile/signed_api.h"

#include <fmt/format.h>

#include <stdexcept>

#include "common/text.h"
#include "controlplane/gateway/aws/signing/canonical_request.h"
#include "controlplane/gateway/aws/signing/digest.h"
#include "controlplane/gateway/aws/signing/signing_time.h"

namespace cacheplane::gateway::aws {
namespace {

std::string SignatureOf(const HttpRequest& request, const std::vector<std::string>& names, const Signing& signing,
                        const std::string& time) {
  const std::string date = time.substr(0, 8);
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", date, signing.region, signing.service);
  const std::string text = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope,
                                       Sha256Hex(CanonicalRequest(request, names, Sha256Hex(request.body))));
  std::string key = HmacSha256("AWS4" + signing.secret, date);
  for (const std::string& part : {signing.region, signing.service, std::string("aws4_request")}) {
    key = HmacSha256(key, part);
  }
  return HmacSha256Hex(key, text);
}

}  // namespace

SignedApi::SignedApi()
    : admin_(keys_.CreateAccessKey({"admin", ""}).value()), viewer_(keys_.CreateAccessKey({"viewer", ""}).value()) {}

HttpRequest SignedApi::Sign(const std::string& body, const Signing& signing) const {
  const std::string time = FormatSigningTime(api_.Now() - signing.ago);
  HttpRequest request{.method = "POST", .path = "/", .query = "", .headers = {}, .body = body};
  request.headers = {
      {"content-type", "application/x-www-form-urlencoded"}, {"host", "localhost"}, {"x-amz-date", time}};
  request.headers.insert(request.headers.end(), signing.more.begin(), signing.more.end());
  std::vector<std::string> names;
  for (const auto& [name, value] : request.headers) names.push_back(name);
  const std::string signature = SignatureOf(request, names, signing, time);
  request.headers.emplace_back(
      "authorization",
      fmt::format("AWS4-HMAC-SHA256 Credential={}/{}/{}/{}/aws4_request, SignedHeaders={}, "
                  "Signature={}",
                  signing.access_key, time.substr(0, 8), signing.region, signing.service, Join(names, ";"), signature));
  return request;
}

std::string SignedApi::OnTheWire(const HttpRequest& request) {
  std::string bytes =
      fmt::format("{} {} HTTP/1.1\r\nContent-Length: {}\r\n", request.method, request.path, request.body.size());
  for (const auto& [name, value] : request.headers) bytes += fmt::format("{}: {}\r\n", name, value);
  return bytes + "\r\n" + request.body;
}

HttpResponse SignedApi::Send(HttpRequest request) {
  std::vector<HttpResponse> answers;
  endpoint_.Handle(std::move(request), [&](HttpResponse response) { answers.push_back(std::move(response)); });
  if (answers.size() != 1) throw std::logic_error(fmt::format("{} answers", answers.size()));
  return answers.front();
}

std::string& HeaderIn(HttpRequest& request, const std::string& name) {
  for (auto& [header, value] : request.headers) {
    if (header == name) return value;
  }
  throw std::runtime_error("the request has no header " + name);
}

}  // namespace cacheplane::gateway::aws
