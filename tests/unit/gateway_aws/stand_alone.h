// A cache cluster on its own, and the calls about it.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/unit/gateway_aws/group_api.h"

namespace cacheplane::gateway::aws {

using Texts = std::vector<std::string>;

inline Json Of(const std::string& id, const Json& more = Json::object()) {
  Json input = {{"CacheClusterId", id}};
  for (const auto& [name, value] : more.items()) input[name] = value;
  return input;
}

// As Terraform sends it.
inline Json New(const std::string& id, const Json& more = Json::object()) {
  Json input = Of(id, {{"Engine", "valkey"},
                       {"EngineVersion", "8.0"},
                       {"CacheNodeType", "cache.t4g.small"},
                       {"NumCacheNodes", 1},
                       {"SecurityGroupIds", Json::array()}});
  for (const auto& [name, value] : more.items()) input[name] = value;
  return input;
}

inline Texts IdsIn(const Json& result, const char* list, const char* id) {
  Texts ids;
  for (const Json& row : result.at(list)) ids.push_back(row.at(id));
  return ids;
}

// "alone", available.
class StandAlone : public testing::Test {
 protected:
  StandAlone() {
    api.Get("CreateCacheCluster", New("Alone", {{"Tags", {{{"Key", "env"}, {"Value", "dev"}}}}}));
    Pass();
    if (Shown()["CacheClusterStatus"] != "available") throw std::runtime_error(Shown().dump());
  }
  Json Shown(const std::string& id = "alone") {
    return api.Get("DescribeCacheClusters", Of(id, {{"ShowCacheNodeInfo", true}}))["CacheClusters"][0];
  }
  Texts Listed(const Json& input = Json::object()) {
    return IdsIn(api.Get("DescribeCacheClusters", input), "CacheClusters", "CacheClusterId");
  }
  Texts Told(const std::string& type, const std::string& source) {
    Texts told;
    const Json events = api.Get("DescribeEvents", {{"SourceType", type}, {"SourceIdentifier", source}})["Events"];
    for (const Json& event : events) told.push_back(event.at("Message"));
    return told;
  }
  void Pass(int seconds = 3) { installation.Pass(std::chrono::seconds(seconds)); }

  reconcile::Installation installation{{{"host-a", "us-east-1a"}, {"host-b", "us-east-1b"}, {"host-c", "us-east-1c"}}};
  GroupApi api{installation.world};
};

}  // namespace cacheplane::gateway::aws
