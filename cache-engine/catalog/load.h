// Reads the embedded data. The data is ours: anything malformed stops the process at first use.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cache-engine/catalog/catalog.h"

namespace cacheplane::catalog {

struct Data {
  std::vector<EngineVersion> versions;
  std::vector<VersionAlias> aliases;
  std::vector<NodeType> node_types;
  std::map<std::string, std::vector<Parameter>, std::less<>> families;
};

Data LoadData();

}  // namespace cacheplane::catalog
