#include "controlplane/gateway/aws/ec2/handlers.h"

#include <fmt/format.h>

#include <algorithm>

#include "controlplane/gateway/aws/ec2/filters.h"
#include "controlplane/gateway/aws/ec2/network_rows.h"
#include "controlplane/gateway/aws/wire/arn.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws::ec2 {
namespace {

using service::NetworkService;

const Kind& Zones() {
  static const Kind kKind = {"availabilityZoneInfo",
                             {{"ZoneName", "zone-name"}, {"ZoneId", "zone-id"}},
                             "InvalidParameterValue",
                             {"group-name", "message", "opt-in-status", "region-name", "state", "zone-id", "zone-type",
                              "zone-name", "parent-zone-name", "parent-zone-id"}};
  return kKind;
}

const Kind& Subnets() {
  static const Kind kKind = {"subnetSet",
                             {{"SubnetId", "subnet-id"}},
                             "InvalidSubnetID.NotFound",
                             {"availabilityZone",
                              "availability-zone",
                              "availabilityZoneId",
                              "availability-zone-id",
                              "available-ip-address-count",
                              "cidr",
                              "cidrBlock",
                              "cidr-block",
                              "customer-owned-ipv4-pool",
                              "defaultForAz",
                              "default-for-az",
                              "enable-dns64",
                              "enable-lni-at-device-index",
                              "ipv6-cidr-block-association.association-id",
                              "ipv6-cidr-block-association.ipv6-cidr-block",
                              "ipv6-cidr-block-association.state",
                              "ipv6-native",
                              "map-customer-owned-ip-on-launch",
                              "map-public-ip-on-launch",
                              "outpost-arn",
                              "owner-id",
                              "private-dns-name-options-on-launch.enable-resource-name-dns-a-record",
                              "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record",
                              "private-dns-name-options-on-launch.hostname-type",
                              "state",
                              "subnet-arn",
                              "subnet-id",
                              "tag-key",
                              "vpc-id"}};
  return kKind;
}

std::vector<std::string> SecurityGroupFilters() {
  std::vector<std::string> names = {"description", "group-id", "group-name", "owner-id", "tag-key", "vpc-id"};
  for (const char* part : {"cidr", "from-port", "group-id", "group-name", "ipv6-cidr", "prefix-list-id", "protocol",
                           "to-port", "user-id"}) {
    names.push_back(fmt::format("ip-permission.{}", part));
    names.push_back(fmt::format("egress.ip-permission.{}", part));
  }
  return names;
}

const Kind& SecurityGroups() {
  static const Kind kKind = {"securityGroupInfo",
                             {{"GroupId", "group-id"}, {"GroupName", "group-name"}},
                             "InvalidGroup.NotFound",
                             SecurityGroupFilters()};
  return kKind;
}

const Kind& Vpcs() {
  static const Kind kKind = {
      "vpcSet",
      {{"VpcId", "vpc-id"}},
      "InvalidVpcID.NotFound",
      {"cidr", "cidr-block-association.association-id", "cidr-block-association.cidr-block",
       "cidr-block-association.state", "dhcp-options-id", "ipv6-cidr-block-association.association-id",
       "ipv6-cidr-block-association.ipv6-cidr-block", "ipv6-cidr-block-association.ipv6-pool",
       "ipv6-cidr-block-association.state", "isDefault", "is-default", "owner-id", "state", "tag-key", "vpc-id"}};
  return kKind;
}

// Of every page of `list`, which takes a service::ListRequest.
template <typename T, typename List>
Result<std::vector<T>> All(List list) {
  std::vector<T> all;
  service::ListRequest request;
  do {
    CP_ASSIGN_OR_RETURN(service::Page<T> page, list(request));
    all.insert(all.end(), page.items.begin(), page.items.end());
    request.page_token = page.next_page_token;
  } while (!request.page_token.empty());
  return all;
}

Result<std::vector<service::SubnetDetails>> AllSubnets(const NetworkService& networks) {
  return All<service::SubnetDetails>([&](const auto& page) { return networks.ListSubnets(page); });
}

// What `rows` makes of all that `all` has.
template <typename T, typename Rows>
Answer AnswerAll(const Call& call, const Kind& kind, const Result<std::vector<T>>& all, Rows rows) {
  if (!all.ok()) return FaultOf(all.error(), {});
  return AnswerRows(call, kind, rows(*all));
}

Answer DescribeZones(const NetworkService& networks, const Call& call) {
  return AnswerAll(call, Zones(), AllSubnets(networks), [&](const auto& all) { return ZoneRows(all, call.region); });
}

Answer DescribeSubnets(const NetworkService& networks, const Call& call) {
  return AnswerAll(call, Subnets(), AllSubnets(networks),
                   [&](const auto& all) { return SubnetRows(all, call.region); });
}

Answer DescribeSecurityGroups(const NetworkService& networks, const Call& call) {
  const auto all = All<model::SecurityGroup>([&](const auto& page) { return networks.ListSecurityGroups(page); });
  return AnswerAll(call, SecurityGroups(), all, [&](const auto& some) { return SecurityGroupRows(some, call.region); });
}

Answer DescribeVpcs(const NetworkService& networks, const Call& call) {
  return AnswerAll(call, Vpcs(), AllSubnets(networks), [](const auto& all) { return VpcRows(all); });
}

// Names are not part of what an installation serves: all of them are off. Terraform's data source aws_vpc asks.
Answer DescribeVpcAttribute(const NetworkService&, const Call& call) {
  const std::string vpc = call.input.at("VpcId");
  const std::string attribute = call.input.at("Attribute");
  if (vpc != kVpc) {
    return Fault{Vpcs().not_found, 400,
                 fmt::format("VpcId: {} does not exist; allowed: {}", service::Quoted(vpc), service::Quoted(kVpc))};
  }
  const std::vector<std::string> known = {"enableDnsHostnames", "enableDnsSupport", "enableNetworkAddressUsageMetrics"};
  if (std::find(known.begin(), known.end(), attribute) != known.end()) {
    return Json{{"vpcId", vpc}, {attribute, {{"value", false}}}};
  }
  return InvalidParameterValue(
      fmt::format("Attribute: {} is unknown; allowed: {}", service::Quoted(attribute), service::QuotedList(known)));
}

}  // namespace

HandlerTable BuildTable(const NetworkService& networks) {
  HandlerTable table;
  const auto add = [&](const char* action, Answer (*answer)(const NetworkService&, const Call&)) {
    table[action] = AtOnce([&networks, answer](const Call& call) { return answer(networks, call); });
  };
  add("DescribeAvailabilityZones", DescribeZones);
  add("DescribeSubnets", DescribeSubnets);
  add("DescribeSecurityGroups", DescribeSecurityGroups);
  add("DescribeVpcs", DescribeVpcs);
  add("DescribeVpcAttribute", DescribeVpcAttribute);
  return table;
}

}  // namespace cacheplane::gateway::aws::ec2
