#include "nodeagent/decide/names.h"

#include <fmt/format.h>

#include <algorithm>

namespace cacheplane::agent {
namespace {

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsAddressCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' || c == ':';
}

Status CheckAddress(std::string_view field, const Address& address) {
  const bool host_ok = !address.host.empty() && address.host.size() <= 45 &&
                       std::all_of(address.host.begin(), address.host.end(), IsAddressCharacter);
  if (!host_ok) return InvalidArgument(fmt::format("{}: not an IP address", field));
  if (address.port < 1 || address.port > 65535) return InvalidArgument(fmt::format("{}: port {}", field, address.port));
  return {};
}

}  // namespace

bool IsValidName(std::string_view name) {
  return !name.empty() && name.size() <= 128 && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) { return IsLowerOrDigit(c) || c == '-'; });
}

Status CheckAssignment(const Assignment& assignment) {
  if (!IsValidName(assignment.node)) return InvalidArgument("node: not a valid name");
  if (!IsValidName(assignment.incarnation)) return InvalidArgument("incarnation: not a valid name");
  if (assignment.intent != Intent::kRun) return {};
  CP_RETURN_IF_ERROR(CheckAddress("address", assignment.listen));
  if (assignment.primary) CP_RETURN_IF_ERROR(CheckAddress("primary_address", *assignment.primary));
  return {};
}

}  // namespace cacheplane::agent
