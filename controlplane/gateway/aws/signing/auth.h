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
  std::string name{};         // what the key was made for
  std::string signature{};    // of this request; empty: none was checked
  WallTime signature_ends{};  // until then a request with this signature is accepted
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  virtual std::variant<Identity, Fault> Authenticate(const HttpRequest& request, WallTime now) = 0;
};

}  // namespace cacheplane::gateway::aws
