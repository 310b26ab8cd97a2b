// Whom a request says it is for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cacheplane::gateway {

// Whether the Host header names "localhost", an address of 127.0.0.0/8, "[::1]" or one of `allowed` (lower case,
// without port). A web page's own name, pointed at this machine by its DNS, is none of these.
bool HostAllowed(std::string_view host_header, const std::vector<std::string>& allowed);

}  // namespace cacheplane::gateway
