#include <fmt/format.h>

#include "cacheplane/v1/network.pb.h"
#include "cli/args/values.h"
#include "cli/output/proto_values.h"
#include "cli/output/views.h"

namespace cacheplane::cli {
namespace {

std::string RuleText(const v1::SecurityGroupRule& rule) {
  return FormatIngress({rule.protocol(), rule.from_port(), rule.to_port(), rule.cidr(), rule.description()});
}

std::string RuleTexts(const v1::SecurityGroup& group) {
  std::vector<std::string> texts;
  for (const v1::SecurityGroupRule& rule : group.ingress()) texts.push_back(RuleText(rule));
  return Join(texts, ", ");
}

}  // namespace

Table ToTable(const v1::ListSubnetsResponse& list) {
  Table table{{"NAME", "ZONE", "CIDR", "AVAILABLE ADDRESSES"}, {}};
  for (const v1::Subnet& subnet : list.subnets()) {
    table.rows.push_back(
        {subnet.name(), subnet.zone(), subnet.cidr(), fmt::format("{}", subnet.available_addresses())});
  }
  return table;
}

Table ToTable(const v1::ListSubnetGroupsResponse& list) {
  Table table{{"NAME", "SUBNETS", "ZONES", "DESCRIPTION"}, {}};
  for (const v1::SubnetGroup& group : list.subnet_groups()) {
    table.rows.push_back({group.name(), Joined(group.subnets()), Joined(group.zones()), group.description()});
  }
  return table;
}

Table ToTable(const v1::ListSecurityGroupsResponse& list) {
  Table table{{"NAME", "INGRESS", "ENFORCEMENT", "DESCRIPTION"}, {}};
  for (const v1::SecurityGroup& group : list.security_groups()) {
    table.rows.push_back({group.name(), RuleTexts(group), group.enforcement(), group.description()});
  }
  return table;
}

std::vector<std::string> Names(const v1::ListSubnetsResponse& list) { return NamesOf(list.subnets()); }
std::vector<std::string> Names(const v1::ListSubnetGroupsResponse& list) { return NamesOf(list.subnet_groups()); }
std::vector<std::string> Names(const v1::ListSecurityGroupsResponse& list) { return NamesOf(list.security_groups()); }

std::string Describe(const v1::Subnet& subnet, bool colour) {
  return RenderBlock({{"Name", subnet.name()},
                      {"Zone", subnet.zone()},
                      {"CIDR", subnet.cidr()},
                      {"Available addresses", fmt::format("{}", subnet.available_addresses())}},
                     colour);
}

std::string Describe(const v1::SubnetGroup& group, bool colour) {
  return RenderBlock({{"Name", group.name()},
                      {"Description", group.description()},
                      {"Subnets", Joined(group.subnets())},
                      {"Zones", Joined(group.zones())},
                      {"Tags", PairsOf(group.tags())}},
                     colour);
}

std::string Describe(const v1::SecurityGroup& group, bool colour) {
  std::vector<std::pair<std::string, Cell>> pairs = {
      {"Name", group.name()}, {"Description", group.description()}, {"Enforcement", group.enforcement()}};
  for (const v1::SecurityGroupRule& rule : group.ingress()) pairs.emplace_back("Ingress", RuleText(rule));
  return RenderBlock(pairs, colour);
}

std::string NameOf(const v1::Subnet& subnet) { return subnet.name(); }
std::string NameOf(const v1::SubnetGroup& group) { return group.name(); }
std::string NameOf(const v1::SecurityGroup& group) { return group.name(); }

}  // namespace cacheplane::cli
