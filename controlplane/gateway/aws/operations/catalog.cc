// Engine versions, and the kinds of resources of which there are none yet.
#include <fmt/format.h>

#include <array>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/paging.h"
#include "controlplane/service/catalog_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using service::EngineVersionDetails;

// An operation that describes what does not exist here.
struct EmptyKind {
  const char* action;
  const char* list;   // the member of the answer
  const char* id;     // the member of the input that names one; empty: none, or naming one is no error
  const char* fault;  // when one is named
};

constexpr std::array<EmptyKind, 9> kEmptyKinds = {{
    {"DescribeCacheSecurityGroups", "CacheSecurityGroups", "CacheSecurityGroupName", "CacheSecurityGroupNotFoundFault"},
    {"DescribeReservedCacheNodes", "ReservedCacheNodes", "ReservedCacheNodeId", "ReservedCacheNodeNotFoundFault"},
    {"DescribeReservedCacheNodesOfferings", "ReservedCacheNodesOfferings", "ReservedCacheNodesOfferingId",
     "ReservedCacheNodesOfferingNotFoundFault"},
    {"DescribeUsers", "Users", "UserId", "UserNotFoundFault"},
    {"DescribeUserGroups", "UserGroups", "UserGroupId", "UserGroupNotFoundFault"},
    {"DescribeSnapshots", "Snapshots", "", ""},  // clients wait for an empty list after a deletion
    {"DescribeServerlessCaches", "ServerlessCaches", "ServerlessCacheName", "ServerlessCacheNotFoundFault"},
    {"DescribeServerlessCacheSnapshots", "ServerlessCacheSnapshots", "ServerlessCacheSnapshotName",
     "ServerlessCacheSnapshotNotFoundFault"},
    {"DescribeGlobalReplicationGroups", "GlobalReplicationGroups", "GlobalReplicationGroupId",
     "GlobalReplicationGroupNotFoundFault"},
}};

Fault Refused(const Error& error) { return FaultOf(InApiWords(error, {{"engine", "Engine"}}), {}); }

// Serverless caches are listed with other names than everything else.
std::optional<Fault> CheckOnlyPage(const Json& input) {
  for (const char* token : {"Marker", "NextToken"}) {
    const std::string given = input.value(token, "");
    if (given.empty()) continue;
    return InvalidParameterValue(fmt::format("{}: {} is not one of this list; allowed: nothing, there is one page",
                                             token, service::Quoted(given)));
  }
  for (const char* most : {"MaxRecords", "MaxResults"}) {
    const Status range = service::CheckRange(most, input.value(most, 1), 1, service::kLargestPage);
    if (!range.ok()) return InvalidParameterValue(range.error().message);
  }
  return std::nullopt;
}

Answer DescribeNone(const EmptyKind& kind, const Call& call) {
  const std::string id = call.input.value(kind.id, "");
  if (!id.empty()) {
    return FaultNamed(kind.fault, fmt::format("{}: {} does not exist", kind.id, service::Quoted(id)));
  }
  if (const auto fault = CheckOnlyPage(call.input)) return *fault;
  return Json{{kind.list, Json::array()}};
}

// As the input's filters say. A version without an image on any agent cannot be run.
bool IsWanted(const EngineVersionDetails& row, const Json& input) {
  const std::string version = input.value("EngineVersion", row.version.version);
  const std::string family = ToLower(input.value("CacheParameterGroupFamily", row.version.family));
  const bool in_full = row.runs.empty() && std::count(row.images.begin(), row.images.end(), version) != 0;
  const bool named = version == row.version.version || in_full;
  const bool any = row.version.is_default || !input.value("DefaultOnly", false);
  return !row.images.empty() && named && any && family == row.version.family;
}

std::string DescriptionOf(const EngineVersionDetails& row) {
  const std::string images = Join(row.images, ", ");
  if (row.runs.empty()) return fmt::format("{} version {}", row.version.engine, images);
  return fmt::format("{0} version {1}, which is {0} version {2}", row.version.engine, row.version.version, images);
}

Json Show(const EngineVersionDetails& row) {
  return {{"Engine", row.version.engine},
          {"EngineVersion", row.version.version},
          {"CacheParameterGroupFamily", row.version.family},
          {"CacheEngineDescription", row.version.engine == "valkey" ? "Valkey" : "Redis"},
          {"CacheEngineVersionDescription", DescriptionOf(row)}};
}

Answer DescribeEngineVersions(const service::CatalogService& catalog, const Call& call) {
  const auto all = [&](const service::ListRequest& page) {
    return catalog.ListEngineVersions(call.input.value("Engine", ""), page);
  };
  const auto list = [&](const service::ListRequest& page) {
    return FilteredPage<EngineVersionDetails>(
        page, all, [&](const EngineVersionDetails& row) { return IsWanted(row, call.input); });
  };
  return AnswerPage(call, "CacheEngineVersions", list, Show, Refused);
}

}  // namespace

void AddCatalog(HandlerTable& table, const Services& services) {
  const service::CatalogService& catalog = services.catalog;
  table["DescribeCacheEngineVersions"] =
      AtOnce([&catalog](const Call& call) { return DescribeEngineVersions(catalog, call); });
  for (const EmptyKind& kind : kEmptyKinds) {
    table[kind.action] = AtOnce([&kind](const Call& call) { return DescribeNone(kind, call); });
  }
}

}  // namespace cacheplane::gateway::aws
