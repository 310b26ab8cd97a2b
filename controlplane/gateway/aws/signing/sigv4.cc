#include "controlplane/gateway/aws/signing/sigv4.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/text.h"
#include "controlplane/gateway/aws/signing/canonical_request.h"
#include "controlplane/gateway/aws/signing/digest.h"
#include "controlplane/gateway/aws/signing/signing_time.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using service::Quoted;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";

Fault Incomplete(std::string message) { return {"IncompleteSignature", 400, std::move(message)}; }
Fault Mismatch(std::string message) { return {"SignatureDoesNotMatch", 403, std::move(message)}; }

// The header's parameters by name; what has no name is under "", and what is there twice as well.
std::map<std::string, std::string> ParametersOf(std::string_view text) {
  std::map<std::string, std::string> parameters;
  for (const std::string& part : Split(text, ',')) {
    const std::string_view trimmed = Trim(part);
    const std::size_t equals = trimmed.find('=');
    const std::string name(equals == std::string_view::npos ? "" : trimmed.substr(0, equals));
    const bool usable = !name.empty() && !parameters.contains(name);
    parameters[usable ? name : ""] = usable ? trimmed.substr(equals + 1) : trimmed;
  }
  return parameters;
}

std::optional<Fault> CheckParameters(const std::map<std::string, std::string>& parameters) {
  if (const auto odd = parameters.find(""); odd != parameters.end()) {
    return Incomplete(
        fmt::format("{} not a valid key=value pair (missing equal-sign, or repeated) in Authorization header.",
                    Quoted(odd->second)));
  }
  std::string missing;
  for (const char* name : {"Credential", "Signature", "SignedHeaders"}) {
    const auto found = parameters.find(name);
    if (found != parameters.end() && !found->second.empty()) continue;
    missing += fmt::format("Authorization header requires '{}' parameter. ", name);
  }
  if (missing.empty()) return std::nullopt;
  return Incomplete(std::string(Trim(missing)));
}

std::optional<Fault> ReadCredential(const std::string& credential, Authorization& authorization) {
  const std::vector<std::string> parts = Split(credential, '/');
  if (parts.size() != 5 || std::find(parts.begin(), parts.end(), "") != parts.end()) {
    return Incomplete(fmt::format(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got {}",
        Quoted(credential)));
  }
  if (parts[4] != kTerminator) {
    return Mismatch(fmt::format("Credential should be scoped with a valid terminator: '{}', not {}.", kTerminator,
                                Quoted(parts[4])));
  }
  constexpr const char* kOfRegions = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (parts[2].find_first_not_of(kOfRegions) != std::string::npos) {
    return Mismatch(fmt::format("Credential should be scoped to a valid region, not {}.", Quoted(parts[2])));
  }
  authorization.access_key = parts[0];
  authorization.date = parts[1];
  authorization.region = parts[2];
  authorization.service = parts[3];
  return std::nullopt;
}

std::optional<Fault> ReadTime(const HttpRequest& request, Authorization& authorization) {
  auto text = CanonicalHeader(request.headers, "x-amz-date");
  if (!text) text = CanonicalHeader(request.headers, "date");
  if (!text) {
    return Incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  const auto time = ParseSigningTime(*text);
  if (!time) {
    return Incomplete(fmt::format(
        "Date must be in ISO-8601 'basic format'. Got {}. See http://en.wikipedia.org/wiki/ISO_8601", Quoted(*text)));
  }
  authorization.time = *time;
  const std::string basic = FormatSigningTime(*time);
  if (basic.substr(0, 8) == authorization.date) return std::nullopt;
  return Mismatch(
      fmt::format("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                  "{} != '{}', from '{}'.",
                  Quoted(authorization.date), basic.substr(0, 8), basic));
}

std::optional<Fault> ReadSignedHeaders(const HttpRequest& request, const std::string& list,
                                       Authorization& authorization) {
  authorization.signed_headers = Split(list, ';');
  const auto& names = authorization.signed_headers;
  if (std::find(names.begin(), names.end(), "host") == names.end()) {
    return Mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const std::string& name : names) {
    if (name != ToLower(name)) return Incomplete(fmt::format("SignedHeaders: {} is not in lower case.", Quoted(name)));
    if (CanonicalHeader(request.headers, name)) continue;
    return Mismatch(fmt::format("SignedHeaders: {} is signed, but no such header arrived.", Quoted(name)));
  }
  return std::nullopt;
}

std::string StringToSign(const HttpRequest& request, const Authorization& authorization, const std::string& payload) {
  const std::string canonical = CanonicalRequest(request, authorization.signed_headers, payload);
  return fmt::format("{}\n{}\n{}\n{}", kAlgorithm, FormatSigningTime(authorization.time), authorization.Scope(),
                     Sha256Hex(canonical));
}

std::string SigningKey(const Authorization& authorization, const std::string& secret) {
  const std::string of_date = HmacSha256("AWS4" + secret, authorization.date);
  const std::string of_region = HmacSha256(of_date, authorization.region);
  return HmacSha256(HmacSha256(of_region, authorization.service), kTerminator);
}

}  // namespace

std::string Authorization::Scope() const { return fmt::format("{}/{}/{}/{}", date, region, service, kTerminator); }

std::variant<Authorization, Fault> ReadAuthorization(const HttpRequest& request) {
  const auto header = CanonicalHeader(request.headers, "authorization");
  if (!header || header->empty()) {
    return Fault{"MissingAuthenticationToken", 403, "Request is missing Authentication Token"};
  }
  const auto is_it = [](const auto& sent) { return sent.first == "authorization"; };
  if (std::count_if(request.headers.begin(), request.headers.end(), is_it) > 1) {
    return Incomplete("Authorization header is sent more than once.");
  }
  const std::size_t blank = std::min(header->find(' '), header->size());
  if (header->substr(0, blank) != kAlgorithm) {
    return Incomplete(
        fmt::format("Unsupported AWS 'algorithm': {}; allowed: '{}'.", Quoted(header->substr(0, blank)), kAlgorithm));
  }
  const auto parameters = ParametersOf(Trim(std::string_view(*header).substr(blank)));
  if (const auto fault = CheckParameters(parameters)) return *fault;
  Authorization authorization;
  authorization.signature = parameters.at("Signature");
  if (const auto fault = ReadCredential(parameters.at("Credential"), authorization)) return *fault;
  if (const auto fault = ReadTime(request, authorization)) return *fault;
  if (const auto fault = ReadSignedHeaders(request, parameters.at("SignedHeaders"), authorization)) return *fault;
  return authorization;
}

std::optional<Fault> CheckTime(const Authorization& authorization, WallTime now) {
  const auto text = FormatSigningTime;
  const WallTime time = authorization.time;
  const auto minutes = kMostClockSkew.count();
  if (time < now - kMostClockSkew) {
    return Fault{"RequestExpired", 400,
                 fmt::format("Signature expired: {} is now earlier than {} ({} - {} min.)", text(time),
                             text(now - kMostClockSkew), text(now), minutes)};
  }
  if (time <= now + kMostClockSkew) return std::nullopt;
  return Mismatch(fmt::format("Signature not yet current: {} is still later than {} ({} + {} min.)", text(time),
                              text(now + kMostClockSkew), text(now), minutes));
}

std::optional<Fault> CheckSignature(const HttpRequest& request, const Authorization& authorization,
                                    const std::string& secret) {
  const std::string actual = Sha256Hex(request.body);
  const std::string payload = CanonicalHeader(request.headers, "x-amz-content-sha256").value_or(actual);
  // A body that nobody signed ("UNSIGNED-PAYLOAD") is for services over TLS.
  if (payload != actual) {
    return Mismatch("The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
  const std::string expected =
      HmacSha256Hex(SigningKey(authorization, secret), StringToSign(request, authorization, payload));
  if (EqualInConstantTime(expected, authorization.signature)) return std::nullopt;
  return Mismatch(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
      "and signing method. Consult the service documentation for details.");
}

}  // namespace cacheplane::gateway::aws
