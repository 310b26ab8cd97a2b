// Subnet groups; and the cache security groups that accounts with a VPC cannot make.
#include <fmt/format.h>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/paging.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/tag_quota.h"
#include "controlplane/gateway/aws/wire/arn.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using service::NetworkService;
using service::SubnetGroupDetails;

Fault Refused(const Error& error, const FaultNames& names) {
  const Error told = InApiWords(error, {{"name", "CacheSubnetGroupName"}});
  return FaultOf(told, names);
}

Fault NoSuchGroup(const Error& error) { return Refused(error, {.not_found = "CacheSubnetGroupNotFoundFault"}); }

std::string NameIn(const Json& input) { return input.value("CacheSubnetGroupName", ""); }

std::optional<Fault> CheckSubnetQuota(const std::vector<std::string>& subnets) {
  if (subnets.size() <= service::kMostSubnetsPerGroup) return std::nullopt;
  return FaultNamed("CacheSubnetQuotaExceededFault", fmt::format("SubnetIds: {} subnets; allowed: 1 to {}",
                                                                 subnets.size(), service::kMostSubnetsPerGroup));
}

Json Show(const NetworkService& networks, const SubnetGroupDetails& details, const std::string& region) {
  Json subnets = Json::array();
  for (const std::string& name : details.group.subnets) {
    const auto subnet = networks.GetSubnet(name);
    if (!subnet.ok()) continue;  // it went after the group was read
    subnets.push_back({{"SubnetIdentifier", name},
                       {"SubnetAvailabilityZone", {{"Name", subnet->subnet.zone}}},
                       {"SupportedNetworkTypes", Json::array({"ipv4"})}});
  }
  return {{"CacheSubnetGroupName", details.group.name},
          {"CacheSubnetGroupDescription", details.group.description},
          {"VpcId", kVpc},
          {"Subnets", subnets},
          {"ARN", ArnOf(region, "subnetgroup", details.group.name)},
          {"SupportedNetworkTypes", Json::array({"ipv4"})}};
}

Answer Create(NetworkService& networks, const Call& call) {
  const auto tags = TagsIn(call.input);
  if (!tags.ok()) return Refused(tags.error(), {});
  if (const auto fault = CheckTagQuota(*tags)) return *fault;
  const auto subnets = call.input.value("SubnetIds", std::vector<std::string>());
  if (const auto fault = CheckSubnetQuota(subnets)) return *fault;
  const auto group = networks.CreateSubnetGroup(
      {NameIn(call.input), call.input.value("CacheSubnetGroupDescription", ""), subnets, *tags});
  if (!group.ok()) {
    return Refused(group.error(), {.not_found = "InvalidSubnet", .exists = "CacheSubnetGroupAlreadyExistsFault"});
  }
  return Json{{"CacheSubnetGroup", Show(networks, *group, call.region)}};
}

Answer Describe(NetworkService& networks, const Call& call) {
  const std::string name = NameIn(call.input);
  const auto list = [&](const service::ListRequest& page) -> Result<service::Page<SubnetGroupDetails>> {
    if (name.empty()) return networks.ListSubnetGroups(page);
    CP_ASSIGN_OR_RETURN(const SubnetGroupDetails group, networks.GetSubnetGroup(name));
    return service::Page<SubnetGroupDetails>{{group}, ""};
  };
  return AnswerPage(
      call, "CacheSubnetGroups", list, [&](const auto& group) { return Show(networks, group, call.region); },
      NoSuchGroup);
}

// What is not sent stays.
Answer Modify(NetworkService& networks, const Call& call) {
  const auto current = networks.GetSubnetGroup(NameIn(call.input));
  if (!current.ok()) return NoSuchGroup(current.error());
  model::SubnetGroup group = current->group;
  group.description = call.input.value("CacheSubnetGroupDescription", group.description);
  const auto subnets = call.input.value("SubnetIds", std::vector<std::string>());
  if (!subnets.empty()) group.subnets = subnets;
  if (const auto fault = CheckSubnetQuota(subnets)) return *fault;
  const auto modified = networks.ModifySubnetGroup(group);
  if (!modified.ok()) return Refused(modified.error(), {.not_found = "InvalidSubnet", .state = "SubnetInUse"});
  return Json{{"CacheSubnetGroup", Show(networks, *modified, call.region)}};
}

Answer Delete(NetworkService& networks, const Call& call) {
  if (ToLower(NameIn(call.input)) == "default") {
    return InvalidParameterValue("CacheSubnetGroupName: \"default\" is never deleted; allowed: groups of your own");
  }
  const Status deleted = networks.DeleteSubnetGroup(NameIn(call.input));
  if (deleted.ok()) return Json::object();
  return Refused(deleted.error(), {.not_found = "CacheSubnetGroupNotFoundFault", .state = "CacheSubnetGroupInUse"});
}

Answer RefuseClassicGroups(const Call&) {
  return InvalidParameterValue("Use of cache security groups is not permitted in this API version for your account.");
}

}  // namespace

void AddSubnetGroups(HandlerTable& table, const Services& services) {
  NetworkService& networks = services.networks;
  const auto at_once = [&networks](Answer (*answer)(NetworkService&, const Call&)) {
    return AtOnce([&networks, answer](const Call& call) { return answer(networks, call); });
  };
  table["CreateCacheSubnetGroup"] = at_once(Create);
  table["DescribeCacheSubnetGroups"] = at_once(Describe);
  table["ModifyCacheSubnetGroup"] = at_once(Modify);
  table["DeleteCacheSubnetGroup"] = at_once(Delete);
  for (const char* action : {"CreateCacheSecurityGroup", "DeleteCacheSecurityGroup",
                             "AuthorizeCacheSecurityGroupIngress", "RevokeCacheSecurityGroupIngress"}) {
    table[action] = AtOnce(RefuseClassicGroups);
  }
}

}  // namespace cacheplane::gateway::aws
