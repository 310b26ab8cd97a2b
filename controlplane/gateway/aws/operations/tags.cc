// Tags of clusters, which their nodes share, of parameter groups and of subnet groups. Allowed in every state.
#include <fmt/format.h>

#include <functional>
#include <set>

#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/tag_holder.h"
#include "controlplane/gateway/aws/operations/tag_quota.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/parameter_group_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using Kind = TagHolder::Kind;
using service::Tags;

// Against others that change the same cluster meanwhile.
constexpr int kMostAttempts = 5;

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
    if (!cluster.ok()) return TagFault(cluster.error(), Kind::kCluster);
    Tags tags = cluster->cluster.spec.tags;
    if (const auto fault = change(tags)) return *fault;
    service::ModifyClusterRequest request{
        .name = name, .spec = {}, .update_mask = {"tags"}, .etag = cluster->etag, .request_id = ""};
    request.spec.tags = tags;
    const auto modified = services.clusters.ModifyCluster(request);
    if (modified.ok()) return Show(tags);
    error = modified.error();
  }
  return TagFault(error, Kind::kCluster);
}

// Of a group: in the transaction that reads its tags.
Answer ChangeGroup(const Services& services, const TagHolder& holder, const Change& change) {
  std::optional<Fault> refused;
  Tags changed;
  const service::TagChange apply = [&](Tags& tags) -> Status {
    refused = change(tags);
    changed = tags;
    return refused ? Status(InvalidArgument(refused->message)) : Status();
  };
  const auto error_of = [](const auto& result) { return result.ok() ? Status() : Status(result.error()); };
  const Status done = holder.kind == Kind::kParameterGroup
                          ? error_of(services.parameter_groups.TagParameterGroup(holder.name, apply))
                          : error_of(services.networks.TagSubnetGroup(holder.name, apply));
  if (refused) return *refused;
  if (!done.ok()) return TagFault(done.error(), holder.kind);
  return Show(changed);
}

// As AWS has it; their tags, none, can be listed.
std::optional<Fault> CheckTakesTags(const TagHolder& holder) {
  const bool is_default = holder.kind == Kind::kParameterGroup
                              ? service::IsDefaultParameterGroup(holder.name)
                              : holder.kind == Kind::kSubnetGroup && holder.name == "default";
  if (!is_default) return std::nullopt;
  return InvalidParameterValue(
      fmt::format("ResourceName: {} is a default group, which takes no tags; allowed: groups of your own",
                  service::Quoted(holder.name)));
}

Answer ChangeTags(const Services& services, const Call& call, const Change& change) {
  const auto found = FindTagHolder(services, call);
  if (const Fault* fault = std::get_if<Fault>(&found)) return *fault;
  const auto& holder = std::get<TagHolder>(found);
  if (const auto fault = CheckTakesTags(holder)) return *fault;
  return holder.kind == Kind::kCluster ? ChangeCluster(services, holder.name, change)
                                       : ChangeGroup(services, holder, change);
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
  return CheckTagQuota(tags);
}

std::optional<Fault> Remove(Tags& tags, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    if (tags.erase(key) != 0) continue;
    return FaultNamed("TagNotFoundFault", fmt::format("TagKeys: the resource has no tag {}", service::Quoted(key)));
  }
  return std::nullopt;
}

Answer ListTags(const Services& services, const Call& call) {
  const auto found = FindTagHolder(services, call);
  if (const Fault* fault = std::get_if<Fault>(&found)) return *fault;
  return Show(std::get<TagHolder>(found).tags);
}

Answer AddTagsTo(const Services& services, const Call& call) {
  const Json added = call.input.value("Tags", Json::array());
  return ChangeTags(services, call, [&](Tags& tags) { return Add(tags, added); });
}

Answer RemoveTagsFrom(const Services& services, const Call& call) {
  const auto keys = call.input.value("TagKeys", std::vector<std::string>());
  return ChangeTags(services, call, [&](Tags& tags) { return Remove(tags, keys); });
}

}  // namespace

std::optional<Fault> CheckTagQuota(const Tags& tags) {
  if (tags.size() <= service::kMostTags) return std::nullopt;
  return FaultNamed("TagQuotaPerResourceExceeded",
                    fmt::format("Tags: the resource would have {} tags; allowed: {}", tags.size(), service::kMostTags));
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
