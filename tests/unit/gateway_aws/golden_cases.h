// The requests of golden/: bodies as clients send them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/gateway_aws/served_api.h"

namespace cacheplane::gateway::aws {

struct GoldenCase {
  std::filesystem::path file;       // golden/<Operation>/<case>.request
  std::string action;               // "CreateReplicationGroup"
  std::string name;                 // "CreateReplicationGroup/of_one_node"
  std::vector<std::string> before;  // bodies that are posted first, and "@pass <seconds>"
  std::string body;
};

// In order of names. Throws for a file that cannot be read.
const std::vector<GoldenCase>& GoldenCases();

// What has to happen before the case; throws for a call that is refused.
void Prepare(ServedApi& api, const GoldenCase& golden);

std::string ReadFile(const std::filesystem::path& file);

}  // namespace cacheplane::gateway::aws
