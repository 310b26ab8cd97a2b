// What a MemoryStore holds, and the copying that keeps its versions apart. Used by memory_*.cc alone.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/check.h"
#include "common/shared.h"
#include "controlplane/ports/store.h"

namespace cacheplane::test {

// Tables are shared by several versions of the state until one of them changes them. The committed version holds a
// reference as long as a transaction runs, so only a copy made by this very transaction can be referred to once.
struct MemoryState {
  using EndpointKey = std::pair<model::ClusterUid, model::EndpointKind>;
  using ShardKey = std::pair<model::ClusterUid, int>;
  using RevisionKey = std::pair<model::ClusterUid, std::uint64_t>;

  bool writable = false;  // only inside Write

  Shared<std::map<model::ClusterUid, model::Cluster>> clusters;
  Shared<std::map<RevisionKey, model::Revision>> revisions;
  Shared<std::map<ShardKey, model::Shard>> shards;
  Shared<std::map<model::Incarnation, model::Node>> nodes;
  Shared<std::map<EndpointKey, model::Endpoint>> endpoints;
  Shared<std::map<model::Incarnation, model::Abandoned>> abandoned;
  std::uint64_t endpoint_map_version = 0;

  Shared<std::map<std::string, model::Subnet>> subnets;
  Shared<std::map<std::string, model::SubnetGroup>> subnet_groups;
  Shared<std::map<std::string, model::SecurityGroup>> security_groups;
  Shared<std::map<std::string, model::ParameterGroup>> parameter_groups;

  Shared<std::map<model::OperationId, model::Operation>> operations;
  Shared<std::vector<std::shared_ptr<const model::Event>>> events;  // by sequence
  std::uint64_t last_event = 0;
  Shared<std::map<std::string, ports::RememberedRequest>> requests;

  Shared<std::map<model::AgentName, model::Host>> hosts;

  Shared<std::map<model::AccessKeyId, model::AccessKey>> access_keys;

  Shared<std::deque<model::AuditRecord>> audit_records;  // by sequence
  std::uint64_t last_audit_record = 0;
  std::map<bool, int> audit_records_of;  // how many, by whether the caller was let in

  // The only way to a table that may be changed.
  template <typename T>
  T& Change(Shared<T>& table) {
    CP_CHECK(writable);
    return table.Own();
  }
};

// A page out of a map whose keys are names or ids.
template <typename Key, typename T>
std::vector<T> PageOf(const std::map<Key, T>& table, const Key& after, int limit) {
  std::vector<T> page;
  for (auto row = table.upper_bound(after); row != table.end() && std::cmp_less(page.size(), limit); ++row) {
    page.push_back(row->second);
  }
  return page;
}

template <typename Map>
std::optional<typename Map::mapped_type> FindIn(const Map& table, const typename Map::key_type& key) {
  const auto row = table.find(key);
  if (row == table.end()) return std::nullopt;
  return row->second;
}

}  // namespace cacheplane::test
