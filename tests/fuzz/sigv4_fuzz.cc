// Signed requests: "METHOD path query", headers, an empty line and the body.
#include <algorithm>

#include "common/text.h"
#include "controlplane/gateway/aws/signing/canonical_request.h"
#include "controlplane/gateway/aws/signing/scope.h"
#include "controlplane/gateway/aws/signing/signing_time.h"
#include "controlplane/gateway/aws/signing/sigv4.h"
#include "tests/fuzz/fuzz.h"

namespace cacheplane::fuzz {
namespace {

using gateway::HttpRequest;
using gateway::aws::Authorization;
using gateway::aws::Fault;

std::string_view TakeLine(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

HttpRequest RequestIn(std::string_view text) {
  HttpRequest request;
  const auto start = Split(TakeLine(text), ' ');
  request.method = start[0];
  if (start.size() > 1) request.path = start[1];
  if (start.size() > 2) request.query = start[2];
  for (std::string_view line = TakeLine(text); !line.empty(); line = TakeLine(text)) {
    const auto colon = std::min(line.find(':'), line.size());
    request.headers.emplace_back(ToLower(line.substr(0, colon)), Trim(line.substr(std::min(colon + 1, line.size()))));
  }
  request.body = std::string(text);
  return request;
}

bool IsEscaped(std::string_view text, std::string_view also) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           also.find(c) != std::string_view::npos;
  });
}

void RequireCanonical(const HttpRequest& request) {
  const std::string path = gateway::aws::CanonicalPath(request.path);
  Require(path.starts_with('/') && IsEscaped(path, "-._~%/"), "a canonical path is escaped");
  const std::string query = gateway::aws::CanonicalQuery(request.query);
  Require(IsEscaped(query, "-._~%=&"), "a canonical query is escaped");
  Require(gateway::aws::CanonicalQuery(query) == query, "what is canonical stays as it is");
  for (const auto& [name, value] : request.headers) {
    const std::string canonical = *gateway::aws::CanonicalHeader(request.headers, name);
    Require(canonical.find("  ") == std::string::npos, "blanks of headers are single");
  }
}

// Who signed and for what are read in two places; they must never differ.
void RequireOneScope(const HttpRequest& request, const Authorization& authorization) {
  const auto scope = gateway::aws::ScopeOf(request);
  Require(scope.has_value(), "a header that can be checked has a scope");
  Require(scope->region == authorization.region && scope->service == authorization.service &&
              scope->access_key == authorization.access_key && scope->date == authorization.date,
          "the scope that is served is the one that is signed");
}

void Check(std::string_view text) {
  const HttpRequest request = RequestIn(text);
  RequireCanonical(request);
  const auto read = gateway::aws::ReadAuthorization(request);
  if (const auto* fault = std::get_if<Fault>(&read)) return RequireTellable(*fault);
  const auto& authorization = std::get<Authorization>(read);
  RequireOneScope(request, authorization);
  const auto again = gateway::aws::ParseSigningTime(gateway::aws::FormatSigningTime(authorization.time));
  Require(again == authorization.time, "a time that is read can be written and read");
  if (const auto fault = CheckTime(authorization, FromUnixMillis(1'795'395'945'000))) RequireTellable(*fault);
  const auto fault = CheckSignature(request, authorization, "nobody signed with this secret");
  Require(fault.has_value(), "no signature is genuine by chance");
  RequireTellable(*fault);
}

}  // namespace
}  // namespace cacheplane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cacheplane::fuzz::Check(cacheplane::fuzz::TextOf(data, size));
  return 0;
}
