#include "controlplane/service/catalog_service.h"

#include <algorithm>
#include <set>

#include "common/text.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

// The catalogue's order is not that of its keys: continues behind the row with the key `page.after`.
template <typename Row, typename KeyOf>
Page<Row> CutPage(std::vector<Row> rows, const ports::PageRequest& page, std::string_view scope, KeyOf key_of) {
  const auto last = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return key_of(row) == page.after; });
  if (last != rows.end()) rows.erase(rows.begin(), last + 1);
  return MakePage(std::move(rows), page, scope, key_of);
}

std::vector<std::string> ImagesOf(const catalog::EngineVersion& version, const std::vector<model::Host>& hosts) {
  std::set<std::string> images;
  for (const model::Host& host : hosts) {
    for (const model::Image& image : host.images) {
      if (image.engine == version.engine && catalog::MinorOf(image.version) == version.version) {
        images.insert(image.version);
      }
    }
  }
  return {images.begin(), images.end()};
}

void AddVersion(const catalog::EngineVersion& version, const std::vector<std::string>& images,
                std::vector<EngineVersionDetails>& rows) {
  rows.push_back({version, images});
  for (const catalog::VersionAlias& alias : catalog::VersionAliases()) {
    if (alias.engine != version.engine || alias.version != version.version) continue;
    rows.push_back({{version.engine, alias.alias, version.family, false}, images, version.version});
  }
}

}  // namespace

Result<Page<EngineVersionDetails>> CatalogService::ListEngineVersions(const std::string& engine,
                                                                      const ListRequest& request) const {
  const std::string wanted = ToLower(engine);
  const std::string scope = "engine-versions/" + wanted;
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request));
  std::vector<model::Host> hosts;
  store_.Read([&](ports::Transaction& transaction) { hosts = transaction.hosts().Hosts(); });
  std::vector<EngineVersionDetails> rows;
  std::set<std::string> engines;
  for (const catalog::EngineVersion& version : catalog::EngineVersions()) {
    engines.insert(version.engine);
    if (wanted.empty() || version.engine == wanted) AddVersion(version, ImagesOf(version, hosts), rows);
  }
  if (rows.empty()) return Invalid("engine", engine, "is unknown", QuotedList({engines.begin(), engines.end()}));
  return CutPage(std::move(rows), page, scope,
                 [](const EngineVersionDetails& row) { return row.version.engine + " " + row.version.version; });
}

Result<Page<catalog::NodeType>> CatalogService::ListNodeTypes(const ListRequest& request) const {
  constexpr std::string_view kScope = "node-types";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  std::vector<catalog::NodeType> rows;
  std::copy_if(catalog::NodeTypes().begin(), catalog::NodeTypes().end(), std::back_inserter(rows),
               [](const catalog::NodeType& type) { return type.new_clusters_allowed; });
  return CutPage(std::move(rows), page, kScope, [](const catalog::NodeType& row) { return row.name; });
}

}  // namespace cacheplane::service
