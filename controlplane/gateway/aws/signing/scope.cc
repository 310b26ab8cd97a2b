#include "controlplane/gateway/aws/signing/scope.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "common/text.h"
#include "controlplane/gateway/aws/signing/canonical_request.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256 ";
constexpr std::string_view kCredential = "Credential=";
constexpr std::size_t kParts = 5;  // access key, date, region, service, "aws4_request"

std::optional<std::string_view> CredentialOf(std::string_view header) {
  if (!header.starts_with(kAlgorithm)) return std::nullopt;
  header.remove_prefix(kAlgorithm.size());
  while (!header.empty()) {
    const auto comma = std::min(header.find(','), header.size());
    const std::string_view part = Trim(header.substr(0, comma));
    if (part.starts_with(kCredential)) return part.substr(kCredential.size());
    header.remove_prefix(std::min(comma + 1, header.size()));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Scope> ScopeOf(const HttpRequest& request) {
  // As the signature is checked: with single blanks.
  const auto header = CanonicalHeader(request.headers, "authorization");
  const auto credential = header ? CredentialOf(*header) : std::nullopt;
  if (!credential) return std::nullopt;
  const std::vector<std::string> parts = Split(*credential, '/');
  if (parts.size() != kParts || parts[4] != "aws4_request") return std::nullopt;
  if (std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); }))
    return std::nullopt;
  return Scope{parts[0], parts[1], parts[2], parts[3]};
}

}  // namespace cacheplane::gateway::aws
