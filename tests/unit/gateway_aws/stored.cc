#include "tests/unit/gateway_aws/stored.h"

#include "common/text.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr int kAll = 100'000;

template <typename T>
void Append(std::vector<T>& all, std::vector<T> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Stored StoredIn(ports::Store& store) {
  Stored stored;
  const ports::PageRequest all{.after = "", .limit = kAll};
  store.Read([&](ports::Transaction& tx) {
    stored.clusters = tx.clusters().List(all);
    for (const model::Cluster& cluster : stored.clusters) {
      Append(stored.revisions, tx.clusters().Revisions(cluster.uid, 0, kAll));
      Append(stored.shards, tx.plan().Shards(cluster.uid));
    }
    stored.nodes = tx.plan().AllNodes();
    stored.endpoints = tx.plan().AllEndpoints();
    stored.subnet_groups = tx.network().SubnetGroups(all);
    stored.security_groups = tx.network().SecurityGroups(all);
    stored.parameter_groups = tx.parameter_groups().List(all);
    stored.operations = tx.journal().Operations("", all);
    stored.access_keys = tx.access_keys().List(all);
    stored.last_event = tx.journal().LastEventSequence();
  });
  return stored;
}

std::string Difference(const Stored& one, const Stored& other) {
  std::vector<std::string> tables;
  const auto compare = [&](const char* table, auto field) {
    if (one.*field != other.*field) tables.emplace_back(table);
  };
  compare("clusters", &Stored::clusters);
  compare("revisions", &Stored::revisions);
  compare("shards", &Stored::shards);
  compare("nodes", &Stored::nodes);
  compare("endpoints", &Stored::endpoints);
  compare("subnet groups", &Stored::subnet_groups);
  compare("security groups", &Stored::security_groups);
  compare("parameter groups", &Stored::parameter_groups);
  compare("operations", &Stored::operations);
  compare("access keys", &Stored::access_keys);
  compare("events", &Stored::last_event);
  return Join(tables, ", ");
}

}  // namespace cacheplane::gateway::aws
