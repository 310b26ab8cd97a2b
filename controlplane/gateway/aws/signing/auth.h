// Who is calling, and what he may do.
#pragma once

#include <string>
#include <variant>

#include "common/clock.h"
#include "controlplane/gateway/aws/wire/fault.h"
#include "controlplane/gateway/http_server.h"
#include "controlplane/model/access_key.h"

namespace cacheplane::gateway::aws {

struct Identity {
  std::string access_key;
  model::AccessRole role = model::AccessRole::kViewer;
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  virtual std::variant<Identity, Fault> Authenticate(const HttpRequest& request, WallTime now) = 0;
};

}  // namespace cacheplane::gateway::aws
