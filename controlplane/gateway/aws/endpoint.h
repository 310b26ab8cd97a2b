// The AWS Query API at POST /.
//
//   form ─► caller ─► service and operation ─► may they? ─► input ─► (first attempt?) ─► handler ─► audit ─► XML
//
// Each step can refuse; the refusal is an AWS error document, too, and what the caller did wrong is never a 5xx, which
// SDKs would try again up to 25 times.
#pragma once

#include <memory>

#include "common/clock.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/signing/auth.h"
#include "controlplane/gateway/http_server.h"
#include "controlplane/service/audit_trail.h"

namespace cacheplane::gateway::aws {

// Thread-safe.
class AwsEndpoint {
 public:
  struct Deps {
    Authenticator& authenticator;
    const Clock& clock;
    HandlerTable handlers;  // of ElastiCache
    service::AuditTrail& audit;
    HandlerTable ec2{};
  };
  explicit AwsEndpoint(Deps deps);
  ~AwsEndpoint();

  // Answers once, perhaps later and on another thread.
  void Handle(HttpRequest request, HttpReply reply) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;  // a late answer holds it, too
};

}  // namespace cacheplane::gateway::aws
