#include "tests/unit/gateway_aws/group_api.h"

#include <stdexcept>

namespace cacheplane::gateway::aws {

GroupApi::GroupApi(service::World& world)
    : networks_(world.store, world.signals, world.clock),
      parameter_groups_(world.store, world.facts, trials_, {world.signals, world.signals}, world.clock),
      catalog_(world.store),
      events_(world.store),
      updates_(world.store, world.facts, world.clock),
      services_{world.clusters, networks_,        parameter_groups_, catalog_,
                events_,        world.operations, updates_,          world.clock} {
  AddReplicationGroups(table_, services_);
  AddCacheClusters(table_, services_);
  AddTags(table_, services_);
  AddEvents(table_, services_);
  AddUpdateReads(table_, services_);
  AddUpdateBatches(table_, services_);
}

Answer GroupApi::Do(const std::string& action, const Json& input, const std::string& invocation_id) {
  const Call call{
      .action = action, .input = input, .region = kRegion, .access_key = "", .invocation_id = invocation_id};
  std::vector<Answer> answers;
  table_.at(action)(call, [&](Answer answer) { answers.push_back(std::move(answer)); });
  if (answers.size() != 1) throw std::logic_error(action + " did not answer once");
  return answers.front();
}

Json GroupApi::Get(const std::string& action, const Json& input) {
  const Answer answer = Do(action, input);
  if (const auto* fault = std::get_if<Fault>(&answer)) throw std::runtime_error(fault->code + ": " + fault->message);
  return std::get<Json>(answer);
}

Fault GroupApi::Refused(const std::string& action, const Json& input) {
  const Answer answer = Do(action, input);
  if (const auto* json = std::get_if<Json>(&answer)) throw std::runtime_error(action + " answered " + json->dump());
  return std::get<Fault>(answer);
}

Running::Running(int replicas) {
  const bool several = replicas > 0;
  api.Get("CreateReplicationGroup", GroupInput({{"NumCacheClusters", replicas + 1},
                                                {"AutomaticFailoverEnabled", several},
                                                {"MultiAZEnabled", several}}));
  Pass();
  if (Group()["Status"] != "available") throw std::runtime_error(installation.Find("orders")->status_reason);
}

Json Running::MemberOf(const std::string& id) {
  return api.Get("DescribeCacheClusters", {{"CacheClusterId", id}, {"ShowCacheNodeInfo", true}})["CacheClusters"][0];
}

Json GroupInput(const Json& more) {
  Json input = {{"ReplicationGroupId", "orders"},
                {"ReplicationGroupDescription", "what was ordered"},
                {"CacheNodeType", "cache.t4g.small"},
                {"Engine", "valkey"},
                {"EngineVersion", "8.0"}};
  for (const auto& [name, value] : more.items()) input[name] = value;
  return input;
}

Json OfOrders(const Json& more) {
  Json input = {{"ReplicationGroupId", "Orders"}};
  for (const auto& [name, value] : more.items()) input[name] = value;
  return input;
}

}  // namespace cacheplane::gateway::aws
