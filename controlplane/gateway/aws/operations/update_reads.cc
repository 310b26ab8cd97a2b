// What there is of service updates, and how far groups and cache clusters are with them.
#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/cluster_faults.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/not_built.h"
#include "controlplane/gateway/aws/operations/paging.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/update_view.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/update_service.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ClusterUpdate;
using service::ListRequest;
using service::PatchLevel;
using Texts = std::vector<std::string>;

// Whether a filter that names nothing, or this, lets it through.
bool Passes(const Texts& filter, std::string_view value) {
  return filter.empty() || std::find(filter.begin(), filter.end(), value) != filter.end();
}

Texts LowerTextsIn(const Json& input, const char* member) {
  Texts texts = TextsIn(input, member);
  std::transform(texts.begin(), texts.end(), texts.begin(), [](const std::string& text) { return ToLower(text); });
  return texts;
}

Fault Refused(const Error& error) { return FaultOf(InApiWords(error, {}), {}); }

Fault NoSuchUpdate(const std::string& name) {
  return FaultNamed("ServiceUpdateNotFoundFault",
                    fmt::format("ServiceUpdateName: {} is nothing that a node here could take; allowed: a name that "
                                "DescribeServiceUpdates tells",
                                service::Quoted(name)));
}

Answer DescribeOneUpdate(const std::string& name, const Texts& statuses, const Services& services) {
  for (const ClusterUpdate& update : services.updates.ClusterUpdates()) {
    if (!update.is_open || NameOf(update.level) != ToLower(name)) continue;
    Json rows = Json::array();
    if (Passes(statuses, "available")) rows.push_back(ServiceUpdateJson(update.level));
    return Json{{"ServiceUpdates", std::move(rows)}};
  }
  return NoSuchUpdate(name);
}

Answer DescribeServiceUpdates(const Call& call, const Services& services) {
  const auto request = PageOf(call.input);
  if (const Fault* fault = std::get_if<Fault>(&request)) return *fault;
  const Texts statuses = TextsIn(call.input, "ServiceUpdateStatus");
  const std::string name = TextIn(call.input, "ServiceUpdateName");
  if (!name.empty()) return DescribeOneUpdate(name, statuses, services);
  const auto list = [&](const ListRequest& page) -> Result<service::Page<PatchLevel>> {
    CP_ASSIGN_OR_RETURN(service::Page<PatchLevel> levels, services.updates.ListPatchLevels(page));
    return Passes(statuses, "available") ? std::move(levels) : service::Page<PatchLevel>{};
  };
  return AnswerPage(call, "ServiceUpdates", list, ServiceUpdateJson, Refused);
}

// Ids of the two kinds that are asked for; all when there are none of either.
bool IsAskedFor(const ClusterUpdate& update, const Texts& groups, const Texts& caches) {
  if (groups.empty() && caches.empty()) return true;
  const bool alone = update.cluster.form == model::ClusterForm::kCacheCluster;
  const Texts& ids = alone ? caches : groups;
  return !ids.empty() && Passes(ids, update.cluster.name);
}

service::UpdateService::Wanted WantedBy(const Json& input) {
  return [name = ToLower(TextIn(input, "ServiceUpdateName")), groups = LowerTextsIn(input, "ReplicationGroupIds"),
          caches = LowerTextsIn(input, "CacheClusterIds"), engine = ToLower(TextIn(input, "Engine")),
          statuses = TextsIn(input, "ServiceUpdateStatus"),
          actions = TextsIn(input, "UpdateActionStatus")](const ClusterUpdate& update) {
    return (name.empty() || NameOf(update.level) == name) && IsAskedFor(update, groups, caches) &&
           (engine.empty() || update.level.engine == engine) && Passes(statuses, ServiceUpdateStatusOf(update)) &&
           Passes(actions, UpdateStatusName(update.status));
  };
}

Answer DescribeUpdateActions(const Call& call, const Services& services) {
  if (call.input.contains("ServiceUpdateTimeRange") && !call.input["ServiceUpdateTimeRange"].empty()) {
    return InputFault(NotBuilt("ServiceUpdateTimeRange", call.input["ServiceUpdateTimeRange"],
                               "nothing: it is not kept when a patch level came"));
  }
  const bool nodes = FlagIn(call.input, "ShowNodeLevelUpdateStatus").value_or(false);
  const auto wanted = WantedBy(call.input);
  const auto list = [&](const ListRequest& page) { return services.updates.ListClusterUpdates(wanted, page); };
  const auto show = [nodes](const ClusterUpdate& update) { return UpdateActionJson(update, nodes); };
  return AnswerPage(call, "UpdateActions", list, show, Refused);
}

}  // namespace

void AddUpdateReads(HandlerTable& table, const Services& services) {
  table["DescribeServiceUpdates"] =
      AtOnce([&services](const Call& call) { return DescribeServiceUpdates(call, services); });
  table["DescribeUpdateActions"] =
      AtOnce([&services](const Call& call) { return DescribeUpdateActions(call, services); });
}

}  // namespace cacheplane::gateway::aws
