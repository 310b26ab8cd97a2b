#include "controlplane/gateway/host_check.h"

#include <algorithm>

#include "common/text.h"
#include "controlplane/model/network.h"

namespace cacheplane::gateway {
namespace {

constexpr std::uint32_t kLoopbackNetwork = 127;  // first octet

std::string_view WithoutPort(std::string_view host) {
  if (!host.empty() && host.front() == '[') return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  const auto address = model::ParseIpv4(host);
  return address && (*address >> 24) == kLoopbackNetwork;
}

}  // namespace

bool HostAllowed(std::string_view host_header, const std::vector<std::string>& allowed) {
  const std::string host = ToLower(WithoutPort(host_header));
  if (host.empty()) return false;
  return IsLoopback(host) || std::find(allowed.begin(), allowed.end(), host) != allowed.end();
}

}  // namespace cacheplane::gateway
