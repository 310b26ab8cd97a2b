#include "controlplane/agents/join_token.h"

#include <openssl/crypto.h>

#include <utility>

#include "common/check.h"

namespace cacheplane::agents {
namespace {

constexpr std::string_view kScheme = "Bearer ";

Error Unauthenticated(std::string message) { return {ErrorCode::kUnauthenticated, std::move(message)}; }

}  // namespace

JoinToken::JoinToken(std::string token) : token_(std::move(token)) { CP_CHECK(!token_.empty()); }

Status JoinToken::Check(std::string_view authorization) const {
  if (authorization.empty()) {
    return Unauthenticated("the call carries no join token (metadata \"authorization: Bearer <join token>\")");
  }
  if (authorization.substr(0, kScheme.size()) != kScheme) {
    return Unauthenticated("the call's authorization is not of the form \"Bearer <join token>\"");
  }
  authorization.remove_prefix(kScheme.size());
  const bool same =
      authorization.size() == token_.size() && CRYPTO_memcmp(authorization.data(), token_.data(), token_.size()) == 0;
  if (!same) return Unauthenticated("the join token is not this control plane's");
  return {};
}

}  // namespace cacheplane::agents
