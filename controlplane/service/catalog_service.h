// CatalogService: what a cluster can be made of. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "cache-engine/catalog/catalog.h"
#include "common/result.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"

namespace cacheplane::service {

struct EngineVersionDetails {
  catalog::EngineVersion version;
  std::vector<std::string> images;  // full versions on the disks of known agents, sorted
  std::string runs{};               // of an alias: the version that it stands for
};

class CatalogService {
 public:
  explicit CatalogService(ports::Store& store) : store_(store) {}

  // In the catalogue's order, aliases behind what they stand for; `engine` empty means all. kInvalidArgument for an
  // unknown engine or a bad page.
  Result<Page<EngineVersionDetails>> ListEngineVersions(const std::string& engine, const ListRequest& request) const;
  // Those that new clusters may have.
  Result<Page<catalog::NodeType>> ListNodeTypes(const ListRequest& request) const;

 private:
  ports::Store& store_;
};

}  // namespace cacheplane::service
