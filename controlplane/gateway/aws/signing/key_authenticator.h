// Callers by their access keys.
#pragma once

#include "controlplane/gateway/aws/signing/auth.h"
#include "controlplane/service/access_key_service.h"

namespace cacheplane::gateway::aws {

// A request must be signed with a key of this installation (sigv4.h). InvalidClientTokenId (403) for an unknown or
// revoked one, also at the first call after it was revoked. Thread-safe.
class KeyAuthenticator final : public Authenticator {
 public:
  // `keys` must outlive it.
  explicit KeyAuthenticator(const service::AccessKeyService& keys) : keys_(keys) {}
  std::variant<Identity, Fault> Authenticate(const HttpRequest& request, WallTime now) override;

 private:
  const service::AccessKeyService& keys_;
};

// Every request is an administrator's if it says for which region and service it was signed, whoever signed it and
// when. For loopback alone (--any-access-key).
class AnyKeyAuthenticator final : public Authenticator {
 public:
  // The identity's access key is empty: nobody has proven to have one.
  std::variant<Identity, Fault> Authenticate(const HttpRequest& request, WallTime now) override;
};

}  // namespace cacheplane::gateway::aws
