#include "controlplane/gateway/aws/signing/key_authenticator.h"

#include "controlplane/gateway/aws/signing/canonical_request.h"
#include "controlplane/gateway/aws/signing/sigv4.h"

namespace cacheplane::gateway::aws {
namespace {

Fault InvalidToken(std::string message) { return {"InvalidClientTokenId", 403, std::move(message)}; }

}  // namespace

std::variant<Identity, Fault> KeyAuthenticator::Authenticate(const HttpRequest& request, WallTime now) {
  auto read = ReadAuthorization(request);
  if (auto* fault = std::get_if<Fault>(&read)) return *std::move(fault);
  const auto& authorization = std::get<Authorization>(read);
  if (CanonicalHeader(request.headers, "x-amz-security-token")) {
    return InvalidToken(
        "X-Amz-Security-Token: session tokens are not issued here; allowed: none (AWS_SESSION_TOKEN unset)");
  }
  if (auto fault = CheckTime(authorization, now)) return *std::move(fault);
  const auto key = keys_.FindValid(authorization.access_key);
  if (!key) return InvalidToken("The security token included in the request is invalid.");
  if (auto fault = CheckSignature(request, authorization, key->secret)) return *std::move(fault);
  return Identity{authorization.access_key, key->key.role, key->key.description, authorization.signature,
                  authorization.time + kMostClockSkew};
}

std::variant<Identity, Fault> AnyKeyAuthenticator::Authenticate(const HttpRequest& request, WallTime) {
  auto read = ReadAuthorization(request);
  if (auto* fault = std::get_if<Fault>(&read)) return *std::move(fault);
  return Identity{.access_key = "", .role = model::AccessRole::kAdmin};
}

}  // namespace cacheplane::gateway::aws
