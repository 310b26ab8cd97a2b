// Who decides which calls of the AWS API are whose.
#pragma once

#include <memory>

#include "controlplane/app/options.h"
#include "controlplane/gateway/aws/signing/auth.h"
#include "controlplane/service/access_key_service.h"

namespace cacheplane::app {

// By access keys and signatures, or, with --any-access-key, by no check at all, which is said in the log. `keys` must
// outlive it.
std::unique_ptr<gateway::aws::Authenticator> MakeAuthenticator(const Options& options,
                                                               const service::AccessKeyService& keys);

}  // namespace cacheplane::app
