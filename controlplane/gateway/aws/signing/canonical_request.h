// A request in the one form that both sides of a signature make of it, as "Create a canonical request" of AWS's
// documentation of Signature Version 4 says. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway::aws {

// Without "." and ".." and doubled slashes, each byte that is not unreserved escaped, also the "%" of one that was.
std::string CanonicalPath(std::string_view path);

// Parameters in the order of their escaped names, then values.
std::string CanonicalQuery(std::string_view query);

// The values of all headers of that name, in their order, without blanks around and with one for each run within;
// nothing when there is no such header.
std::optional<std::string> CanonicalHeader(const HttpHeaders& headers, std::string_view name);

// `headers`: lower case, the names of those that count. One that the request does not have has no line.
std::string CanonicalRequest(const HttpRequest& request, std::vector<std::string> headers,
                             const std::string& payload_hash);

}  // namespace cacheplane::gateway::aws
