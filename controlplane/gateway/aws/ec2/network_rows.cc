#include "controlplane/gateway/aws/ec2/network_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "controlplane/gateway/aws/wire/arn.h"

namespace cacheplane::gateway::aws::ec2 {
namespace {

const char* Flag(bool on) { return on ? "true" : "false"; }

std::string Ec2Arn(const std::string& region, const char* type, const std::string& id) {
  return fmt::format("arn:aws:ec2:{}:{}:{}/{}", region, kAccount, type, id);
}

Row ZoneRow(const std::string& zone, const std::string& region) {
  return {zone,
          {{"zoneName", zone},
           {"zoneState", "available"},
           {"regionName", region},
           {"messageSet", Json::array()},
           {"zoneId", zone},
           {"groupName", region},
           {"networkBorderGroup", region},
           {"zoneType", "availability-zone"},
           {"optInStatus", "opt-in-not-required"}},
          {{"zone-name", {zone}},
           {"zone-id", {zone}},
           {"region-name", {region}},
           {"group-name", {region}},
           {"state", {"available"}},
           {"zone-type", {"availability-zone"}},
           {"opt-in-status", {"opt-in-not-required"}}}};
}

// `first`: of its zone.
Row SubnetRow(const service::SubnetDetails& details, const std::string& region, bool first) {
  const auto& [name, zone, cidr] = details.subnet;
  const std::string range = model::FormatCidr(cidr);
  const std::string arn = Ec2Arn(region, "subnet", name);
  return {name,
          {{"subnetId", name},
           {"subnetArn", arn},
           {"state", "available"},
           {"ownerId", kAccount},
           {"vpcId", kVpc},
           {"cidrBlock", range},
           {"availableIpAddressCount", details.available_addresses},
           {"availabilityZone", zone},
           {"availabilityZoneId", zone},
           {"defaultForAz", first},
           {"mapPublicIpOnLaunch", false},
           {"assignIpv6AddressOnCreation", false},
           {"ipv6Native", false},
           {"tagSet", Json::array()}},
          {{"subnet-id", {name}},
           {"subnet-arn", {arn}},
           {"state", {"available"}},
           {"owner-id", {kAccount}},
           {"vpc-id", {kVpc}},
           {"cidr", {range}},
           {"cidrBlock", {range}},
           {"cidr-block", {range}},
           {"available-ip-address-count", {fmt::format("{}", details.available_addresses)}},
           {"availabilityZone", {zone}},
           {"availability-zone", {zone}},
           {"availabilityZoneId", {zone}},
           {"availability-zone-id", {zone}},
           {"defaultForAz", {Flag(first)}},
           {"default-for-az", {Flag(first)}},
           {"map-public-ip-on-launch", {Flag(false)}},
           {"ipv6-native", {Flag(false)}}}};
}

Row SecurityGroupRow(const model::SecurityGroup& group, const std::string& region) {
  Row row{group.name, Json::object(), {}};
  Json permissions = Json::array();
  for (const model::SecurityGroupRule& rule : group.ingress) {
    const std::string range = model::FormatCidr(rule.cidr);
    permissions.push_back({{"ipProtocol", rule.protocol},
                           {"fromPort", rule.from_port},
                           {"toPort", rule.to_port},
                           {"ipRanges", Json::array({{{"cidrIp", range}, {"description", rule.description}}})}});
    row.values["ip-permission.cidr"].push_back(range);
    row.values["ip-permission.protocol"].push_back(rule.protocol);
    row.values["ip-permission.from-port"].push_back(fmt::format("{}", rule.from_port));
    row.values["ip-permission.to-port"].push_back(fmt::format("{}", rule.to_port));
  }
  row.json = {{"ownerId", kAccount},
              {"groupId", group.name},
              {"groupName", group.name},
              {"groupDescription", group.description},
              {"vpcId", kVpc},
              {"ipPermissions", std::move(permissions)},
              {"ipPermissionsEgress", Json::array()},
              {"tagSet", Json::array()},
              {"securityGroupArn", Ec2Arn(region, "security-group", group.name)}};
  row.values.insert({{"group-id", {group.name}},
                     {"group-name", {group.name}},
                     {"description", {group.description}},
                     {"owner-id", {kAccount}},
                     {"vpc-id", {kVpc}}});
  return row;
}

Json AssociationsJson(const std::string& range) {
  if (range.empty()) return Json::array();
  return Json::array({{{"associationId", std::string(kVpc) + "-range"},
                       {"cidrBlock", range},
                       {"cidrBlockState", {{"state", "associated"}}}}});
}

}  // namespace

std::vector<Row> ZoneRows(const std::vector<service::SubnetDetails>& subnets, const std::string& region) {
  std::set<std::string> zones;
  for (const service::SubnetDetails& details : subnets) zones.insert(details.subnet.zone);
  std::vector<Row> rows;
  for (const std::string& zone : zones) rows.push_back(ZoneRow(zone, region));
  return rows;
}

std::vector<Row> SubnetRows(const std::vector<service::SubnetDetails>& subnets, const std::string& region) {
  std::vector<Row> rows;
  std::set<std::string> zones;
  for (const service::SubnetDetails& details : subnets) {
    rows.push_back(SubnetRow(details, region, zones.insert(details.subnet.zone).second));
  }
  return rows;
}

std::vector<Row> SecurityGroupRows(const std::vector<model::SecurityGroup>& groups, const std::string& region) {
  std::vector<Row> rows;
  for (const model::SecurityGroup& group : groups) rows.push_back(SecurityGroupRow(group, region));
  return rows;
}

std::vector<Row> VpcRows(const std::vector<service::SubnetDetails>& subnets) {
  const auto all = RangeOf(subnets);
  const std::string range = all ? model::FormatCidr(*all) : "";
  Row row{kVpc,
          {{"vpcId", kVpc},
           {"ownerId", kAccount},
           {"state", "available"},
           {"cidrBlockAssociationSet", AssociationsJson(range)},
           {"dhcpOptionsId", "default"},
           {"instanceTenancy", "default"},
           {"isDefault", true},
           {"tagSet", Json::array()}},
          {{"vpc-id", {kVpc}},
           {"owner-id", {kAccount}},
           {"state", {"available"}},
           {"dhcp-options-id", {"default"}},
           {"isDefault", {Flag(true)}},
           {"is-default", {Flag(true)}}}};
  if (all) {
    row.json["cidrBlock"] = range;
    for (const char* filter : {"cidr", "cidr-block-association.cidr-block"}) row.values[filter] = {range};
    row.values["cidr-block-association.state"] = {"associated"};
  }
  return {std::move(row)};
}

std::optional<model::Cidr> RangeOf(const std::vector<service::SubnetDetails>& subnets) {
  std::optional<model::Cidr> range;
  for (const service::SubnetDetails& details : subnets) {
    const model::Cidr& cidr = details.subnet.cidr;
    if (!range) range = cidr;
    while (cidr.base < range->base || cidr.last() > range->last()) {
      const int prefix = range->prefix - 1;
      const std::uint32_t mask = prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
      range = model::Cidr{range->base & mask, prefix};
    }
  }
  return range;
}

}  // namespace cacheplane::gateway::aws::ec2
