// Tags of clusters, which their nodes share. Allowed in every state of a cluster.
#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/find_member.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/untagged.h"
#include "controlplane/gateway/aws/wire/arn.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/parameter_group_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using Tags = std::map<std::string, std::string>;

// Against others that change the same cluster meanwhile.
constexpr int kMostAttempts = 5;

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

// What a resource's tags are stored with.
struct Holder {
  std::string cluster;        // empty: nothing, its kind has no tags yet
  const char* untagged = "";  // that kind
};
using Found = std::variant<Holder, Fault>;

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
  if (!cluster.ok()) return Refused(cluster.error(), "ReplicationGroupNotFoundFault");
  return Holder{.cluster = cluster->cluster.name};
}

Found FindMember(const Services& services, const std::string& id) {
  const auto group = ClusterWithMember(services.clusters, id);
  if (!group.ok()) return Refused(group.error(), "CacheClusterNotFoundFault");
  return Holder{.cluster = group->cluster.name};
}

// What the call's ResourceName names.
Found Find(const Services& services, const Call& call) {
  const std::string name = TextIn(call.input, "ResourceName");
  const auto arn = ParseArn(name, call.region);
  if (!arn) return InvalidArn(name, call.region);
  if (arn->type == "replicationgroup") return FindGroup(services, arn->id);
  if (arn->type == "cluster") return FindMember(services, arn->id);
  if (arn->type == "parametergroup") {
    const auto group = services.parameter_groups.GetParameterGroup(arn->id);
    if (!group.ok()) return Refused(group.error(), "CacheParameterGroupNotFoundFault");
    return Holder{.cluster = "", .untagged = "parameter groups"};
  }
  if (arn->type == "subnetgroup") {
    const auto group = services.networks.GetSubnetGroup(arn->id);
    if (!group.ok()) return Refused(group.error(), "CacheSubnetGroupNotFoundFault");
    return Holder{.cluster = "", .untagged = "subnet groups"};
  }
  for (const auto& [kind, fault] : kKindsWithoutAny) {
    if (arn->type == kind) return FaultNamed(fault, fmt::format("ResourceName: there is no {} {}", kind, arn->id));
  }
  return InvalidArn(name, call.region);
}

Json Show(const Tags& tags) {
  Json list = Json::array();
  for (const auto& [key, value] : tags) list.push_back({{"Key", key}, {"Value", value}});
  return Json{{"TagList", list}};
}

// Nothing, or why `tags` cannot be changed so; may be asked again.
using Change = std::function<std::optional<Fault>(Tags& tags)>;

Answer ChangeCluster(const Services& services, const std::string& name, const Change& change) {
  Error error = Aborted("name: never tried");
  for (int attempt = 0; attempt < kMostAttempts && error.code == ErrorCode::kAborted; ++attempt) {
    const auto cluster = services.clusters.GetCluster(name);
    if (!cluster.ok()) return Refused(cluster.error(), "ReplicationGroupNotFoundFault");
    Tags tags = cluster->cluster.spec.tags;
    if (const auto fault = change(tags)) return *fault;
    service::ModifyClusterRequest request{
        .name = name, .spec = {}, .update_mask = {"tags"}, .etag = cluster->etag, .request_id = ""};
    request.spec.tags = tags;
    const auto modified = services.clusters.ModifyCluster(request);
    if (modified.ok()) return Show(tags);
    error = modified.error();
  }
  return Refused(error, "ReplicationGroupNotFoundFault");
}

std::optional<Fault> Add(Tags& tags, const Json& added) {
  std::set<std::string> named;
  for (const Json& tag : added) {
    const std::string key = tag.value("Key", "");
    if (!named.insert(key).second) {
      return InvalidParameterValue(
          fmt::format("Tags: key {} is named twice; allowed: each key once", service::Quoted(key)));
    }
    tags[key] = tag.value("Value", "");
  }
  if (tags.size() <= service::kMostTags) return std::nullopt;
  return FaultNamed("TagQuotaPerResourceExceeded",
                    fmt::format("Tags: the resource would have {} tags; allowed: {}", tags.size(), service::kMostTags));
}

std::optional<Fault> Remove(Tags& tags, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    if (tags.erase(key) != 0) continue;
    return FaultNamed("TagNotFoundFault", fmt::format("TagKeys: the resource has no tag {}", service::Quoted(key)));
  }
  return std::nullopt;
}

Answer ListTags(const Services& services, const Call& call) {
  const Found found = Find(services, call);
  if (const Fault* fault = std::get_if<Fault>(&found)) return *fault;
  const Holder& holder = std::get<Holder>(found);
  if (holder.cluster.empty()) return Show({});
  const auto cluster = services.clusters.GetCluster(holder.cluster);
  if (!cluster.ok()) return Refused(cluster.error(), "ReplicationGroupNotFoundFault");
  return Show(cluster->cluster.spec.tags);
}

Answer AddTagsTo(const Services& services, const Call& call) {
  const Found found = Find(services, call);
  if (const Fault* fault = std::get_if<Fault>(&found)) return *fault;
  const Holder& holder = std::get<Holder>(found);
  if (holder.cluster.empty()) {
    if (const auto fault = RefuseTags(call.input, holder.untagged)) return *fault;
    return Show({});
  }
  const Json added = call.input.value("Tags", Json::array());
  return ChangeCluster(services, holder.cluster, [&](Tags& tags) { return Add(tags, added); });
}

Answer RemoveTagsFrom(const Services& services, const Call& call) {
  const Found found = Find(services, call);
  if (const Fault* fault = std::get_if<Fault>(&found)) return *fault;
  const auto keys = call.input.value("TagKeys", std::vector<std::string>());
  const Change remove = [&](Tags& tags) { return Remove(tags, keys); };
  const Holder& holder = std::get<Holder>(found);
  if (!holder.cluster.empty()) return ChangeCluster(services, holder.cluster, remove);
  Tags none;
  if (const auto fault = remove(none)) return *fault;
  return Show(none);
}

}  // namespace

std::optional<Fault> RefuseTags(const Json& input, const char* what) {
  if (input.value("Tags", Json::array()).empty()) return std::nullopt;
  return InvalidParameterCombination(fmt::format("Tags: not yet: tags of {}; nothing was changed", what));
}

void AddTags(HandlerTable& table, const Services& services) {
  const auto at_once = [&services](Answer (*answer)(const Services&, const Call&)) {
    return AtOnce([&services, answer](const Call& call) { return answer(services, call); });
  };
  table["ListTagsForResource"] = at_once(ListTags);
  table["AddTagsToResource"] = at_once(AddTagsTo);
  table["RemoveTagsFromResource"] = at_once(RemoveTagsFrom);
}

}  // namespace cacheplane::gateway::aws
