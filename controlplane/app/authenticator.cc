#include "controlplane/app/authenticator.h"

#include "common/log.h"
#include "controlplane/gateway/aws/signing/key_authenticator.h"

namespace cacheplane::app {

std::unique_ptr<gateway::aws::Authenticator> MakeAuthenticator(const Options& options,
                                                               const service::AccessKeyService& keys) {
  if (!options.any_access_key) return std::make_unique<gateway::aws::KeyAuthenticator>(keys);
  log::Warn("--any-access-key: whoever reaches {}:{} may call the AWS API, no signature is checked", options.http_host,
            options.http_port);
  return std::make_unique<gateway::aws::AnyKeyAuthenticator>();
}

}  // namespace cacheplane::app
