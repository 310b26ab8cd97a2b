#include "controlplane/service/validate_network.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/tags.h"

namespace cacheplane::service {
namespace {

constexpr int kWidestPrefix = 16;
constexpr int kNarrowestPrefix = 28;
constexpr int kLongestZone = 64;

Status CheckZone(const std::string& zone) {
  constexpr std::string_view kAllowed = "1 to 64 lower-case letters, digits and hyphens, such as \"us-east-1a\"";
  if (zone.empty()) return Missing("subnet.zone", kAllowed);
  const bool good = std::all_of(zone.begin(), zone.end(),
                                [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (good && zone.size() <= static_cast<std::size_t>(kLongestZone)) return {};
  return Invalid("subnet.zone", zone, "is no name of a zone", kAllowed);
}

Result<model::SecurityGroupRule> CheckRule(const std::string& field, const RuleDraft& draft) {
  model::SecurityGroupRule rule;
  rule.protocol = ToLower(draft.protocol);
  if (rule.protocol != "tcp") return Invalid(field + ".protocol", draft.protocol, "is unknown", "\"tcp\"");
  CP_RETURN_IF_ERROR(CheckRange(field + ".from_port", draft.from_port, 1, kHighestPort));
  CP_RETURN_IF_ERROR(CheckRange(field + ".to_port", draft.to_port, draft.from_port, kHighestPort));
  rule.from_port = draft.from_port;
  rule.to_port = draft.to_port;
  const std::optional<model::Cidr> cidr = model::ParseCidr(draft.cidr);
  if (!cidr) {
    return Invalid(field + ".cidr", draft.cidr, "is no IPv4 range", "address/prefix without host bits, \"10.0.0.0/8\"");
  }
  rule.cidr = *cidr;
  CP_RETURN_IF_ERROR(CheckText(field + ".description", draft.description, kLongestDescription));
  rule.description = draft.description;
  return rule;
}

}  // namespace

Result<model::Subnet> CheckSubnet(const SubnetDraft& draft, const std::vector<model::Subnet>& others) {
  model::Subnet subnet;
  CP_ASSIGN_OR_RETURN(subnet.name, CheckObjectName("subnet.name", draft.name));
  CP_RETURN_IF_ERROR(CheckZone(draft.zone));
  subnet.zone = draft.zone;
  constexpr std::string_view kAllowed = "IPv4, /16 to /28, without host bits, such as \"127.20.0.0/20\"";
  const std::optional<model::Cidr> cidr = model::ParseCidr(draft.cidr);
  if (!cidr) return Invalid("subnet.cidr", draft.cidr, "is no IPv4 range", kAllowed);
  if (cidr->prefix < kWidestPrefix || cidr->prefix > kNarrowestPrefix) {
    return Invalid("subnet.cidr", draft.cidr, "has a size that is not allowed", kAllowed);
  }
  for (const model::Subnet& other : others) {
    if (!cidr->Overlaps(other.cidr)) continue;
    return Invalid(
        "subnet.cidr", draft.cidr,
        fmt::format("overlaps {}, the range of subnet {}", model::FormatCidr(other.cidr), Quoted(other.name)),
        "ranges apart from every other subnet");
  }
  subnet.cidr = *cidr;
  return subnet;
}

Result<model::SubnetGroup> CheckSubnetGroup(const model::SubnetGroup& draft) {
  constexpr std::string_view kField = "subnet_group.subnets";
  model::SubnetGroup group = draft;
  CP_ASSIGN_OR_RETURN(group.name, CheckObjectName("subnet_group.name", draft.name));
  CP_RETURN_IF_ERROR(CheckText("subnet_group.description", draft.description, kLongestDescription));
  CP_RETURN_IF_ERROR(CheckTags("subnet_group.tags", draft.tags));
  if (draft.subnets.empty()) return Missing(kField, fmt::format("1 to {} names of subnets", kMostSubnetsPerGroup));
  if (draft.subnets.size() > static_cast<std::size_t>(kMostSubnetsPerGroup)) {
    return InvalidArgument(
        fmt::format("{}: {} subnets; allowed: 1 to {}", kField, draft.subnets.size(), kMostSubnetsPerGroup));
  }
  for (std::string& name : group.subnets) name = ToLower(name);
  std::sort(group.subnets.begin(), group.subnets.end());
  const auto twice = std::adjacent_find(group.subnets.begin(), group.subnets.end());
  if (twice != group.subnets.end()) return Invalid(kField, *twice, "is named twice", "each name once");
  return group;
}

Result<model::SecurityGroup> CheckSecurityGroup(const SecurityGroupDraft& draft) {
  model::SecurityGroup group;
  CP_ASSIGN_OR_RETURN(group.name, CheckObjectName("security_group.name", draft.name));
  CP_RETURN_IF_ERROR(CheckText("security_group.description", draft.description, kLongestDescription));
  group.description = draft.description;
  if (draft.ingress.size() > static_cast<std::size_t>(kMostRulesPerGroup)) {
    return InvalidArgument(
        fmt::format("security_group.ingress: {} rules; allowed: at most {}", draft.ingress.size(), kMostRulesPerGroup));
  }
  for (const RuleDraft& rule : draft.ingress) {
    const std::string field = fmt::format("security_group.ingress[{}]", group.ingress.size());
    CP_ASSIGN_OR_RETURN(group.ingress.emplace_back(), CheckRule(field, rule));
  }
  return group;
}

}  // namespace cacheplane::service
