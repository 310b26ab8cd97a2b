// What the Authorization header says that a request was signed for. Nothing here is verified.
#pragma once

#include <optional>
#include <string>

#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway::aws {

struct Scope {
  std::string access_key;
  std::string date;     // "20261123"
  std::string region;   // "us-east-1"
  std::string service;  // "elasticache", "sts"

  bool operator==(const Scope&) const = default;
};

// Of "AWS4-HMAC-SHA256 Credential=<access key>/<date>/<region>/<service>/aws4_request, …"; nothing for any other
// header.
std::optional<Scope> ScopeOf(const HttpRequest& request);

}  // namespace cacheplane::gateway::aws
