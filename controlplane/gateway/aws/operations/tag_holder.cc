#include "controlplane/gateway/aws/operations/tag_holder.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/find_member.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/wire/arn.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/parameter_group_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using Kind = TagHolder::Kind;
using Found = std::variant<TagHolder, Fault>;

// Kinds that ElastiCache has, and of which there are none here.
constexpr std::array<std::pair<const char*, const char*>, 8> kKindsWithoutAny = {{
    {"securitygroup", "CacheSecurityGroupNotFoundFault"},
    {"snapshot", "SnapshotNotFoundFault"},
    {"user", "UserNotFoundFault"},
    {"usergroup", "UserGroupNotFoundFault"},
    {"reserved-instance", "ReservedCacheNodeNotFoundFault"},
    {"serverlesscache", "ServerlessCacheNotFoundFault"},
    {"serverlesscachesnapshot", "ServerlessCacheSnapshotNotFoundFault"},
    {"globalreplicationgroup", "GlobalReplicationGroupNotFoundFault"},
}};

Fault Refused(const Error& error, const char* not_found) {
  const Error told = InApiWords(error, {{"name", "ResourceName"}, {"parameter_group", "ResourceName"}});
  return FaultOf(told, {.not_found = not_found, .state = "InvalidReplicationGroupStateFault"});
}

Fault InvalidArn(const std::string& name, const std::string& region) {
  return FaultNamed("InvalidARNFault",
                    fmt::format("ResourceName: {} names nothing here; allowed: "
                                "arn:aws:elasticache:{}:{}:<kind>:<id> with a kind such as replicationgroup, "
                                "cluster, parametergroup or subnetgroup",
                                service::Quoted(name), region, kAccount));
}

Found FindGroup(const Services& services, const std::string& id) {
  const auto cluster = GroupNamed(services.clusters, id);
  if (!cluster.ok()) return TagFault(cluster.error(), Kind::kCluster);
  return TagHolder{Kind::kCluster, cluster->cluster.name, cluster->cluster.spec.tags};
}

Found FindMember(const Services& services, const std::string& id) {
  const auto group = ClusterWithMember(services.clusters, id);
  if (!group.ok()) return Refused(group.error(), "CacheClusterNotFoundFault");
  return TagHolder{Kind::kCluster, group->cluster.name, group->cluster.spec.tags};
}

Found FindParameterGroup(const Services& services, const std::string& id) {
  const auto group = services.parameter_groups.GetParameterGroup(id);
  if (!group.ok()) return TagFault(group.error(), Kind::kParameterGroup);
  return TagHolder{Kind::kParameterGroup, group->name, group->tags};
}

Found FindSubnetGroup(const Services& services, const std::string& id) {
  const auto group = services.networks.GetSubnetGroup(id);
  if (!group.ok()) return TagFault(group.error(), Kind::kSubnetGroup);
  return TagHolder{Kind::kSubnetGroup, group->group.name, group->group.tags};
}

struct Finder {
  const char* type;  // in ARNs
  Found (*find)(const Services& services, const std::string& id);
};

constexpr std::array<Finder, 4> kFinders = {{{"replicationgroup", FindGroup},
                                             {"cluster", FindMember},
                                             {"parametergroup", FindParameterGroup},
                                             {"subnetgroup", FindSubnetGroup}}};

}  // namespace

Found FindTagHolder(const Services& services, const Call& call) {
  const std::string name = TextIn(call.input, "ResourceName");
  const auto arn = ParseArn(name, call.region);
  if (!arn) return InvalidArn(name, call.region);
  for (const Finder& finder : kFinders) {
    if (arn->type == finder.type) return finder.find(services, arn->id);
  }
  for (const auto& [kind, fault] : kKindsWithoutAny) {
    if (arn->type == kind) return FaultNamed(fault, fmt::format("ResourceName: there is no {} {}", kind, arn->id));
  }
  return InvalidArn(name, call.region);
}

Fault TagFault(const Error& error, Kind kind) {
  switch (kind) {
    case Kind::kCluster: return Refused(error, "ReplicationGroupNotFoundFault");
    case Kind::kParameterGroup: return Refused(error, "CacheParameterGroupNotFoundFault");
    case Kind::kSubnetGroup: return Refused(error, "CacheSubnetGroupNotFoundFault");
  }
  return Refused(error, "ReplicationGroupNotFoundFault");
}

}  // namespace cacheplane::gateway::aws
