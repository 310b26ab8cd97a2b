#include "controlplane/service/object_users.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "common/text.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

using Names = std::vector<std::string>;

constexpr std::size_t kMostNamed = 5;

// Rows of all pages, given the call that reads one.
template <typename Row>
std::vector<Row> All(const std::function<std::vector<Row>(const ports::PageRequest&)>& read) {
  std::vector<Row> all;
  ports::PageRequest page;
  for (;;) {
    const std::vector<Row> rows = read(page);
    all.insert(all.end(), rows.begin(), rows.end());
    if (rows.size() < static_cast<std::size_t>(page.limit)) return all;
    page.after = rows.back().name;
  }
}

bool Has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Names ClustersWhere(ports::Transaction& transaction, const std::function<bool(const model::Cluster&)>& uses) {
  Names names;
  for (const model::Cluster& cluster :
       All<model::Cluster>([&](const auto& page) { return transaction.clusters().List(page); })) {
    if (uses(cluster)) names.push_back(cluster.name);
  }
  return names;
}

bool HasAddressIn(ports::PlanTable& plan, const model::Cluster& cluster, const std::string& subnet) {
  const auto is_there = [&](const auto& row) { return row.subnet == subnet; };
  const std::vector<model::Node> nodes = plan.Nodes(cluster.uid);
  const std::vector<model::Endpoint> endpoints = plan.Endpoints(cluster.uid);
  return std::any_of(nodes.begin(), nodes.end(), is_there) || std::any_of(endpoints.begin(), endpoints.end(), is_there);
}

Status InUse(const char* object, const std::string& name, const char* users, Names by) {
  if (by.empty()) return {};
  const std::size_t more = by.size() - std::min(by.size(), kMostNamed);
  by.resize(by.size() - more);
  return FailedPrecondition(fmt::format("name: {} {} is in use by {} {}{}; allowed: once nothing uses it", object,
                                        Quoted(name), users, QuotedList(by),
                                        more == 0 ? "" : fmt::format(" and {} more", more)));
}

// A change that waits for its turn asks for it.
template <typename Names>
bool IsAskedFor(ports::Transaction& transaction, const model::Cluster& cluster, Names names) {
  return std::any_of(cluster.queue.begin(), cluster.queue.end(), [&](const model::OperationId& id) {
    return names(transaction.journal().FindOperation(id).value().asked.value().spec);
  });
}

}  // namespace

Status CheckSubnetUnused(ports::Transaction& transaction, const std::string& name) {
  Names groups;
  for (const model::SubnetGroup& group :
       All<model::SubnetGroup>([&](const auto& page) { return transaction.network().SubnetGroups(page); })) {
    if (Has(group.subnets, name)) groups.push_back(group.name);
  }
  CP_RETURN_IF_ERROR(InUse("subnet", name, "subnet group", groups));
  return InUse("subnet", name, "cluster", ClustersWhere(transaction, [&](const model::Cluster& cluster) {
                 return HasAddressIn(transaction.plan(), cluster, name);
               }));
}

Status CheckSubnetGroupUnused(ports::Transaction& transaction, const std::string& name) {
  return InUse("subnet group", name, "cluster", ClustersWhere(transaction, [&](const model::Cluster& cluster) {
                 const auto operation = transaction.journal().FindOperation(cluster.operation);
                 const bool had = operation && operation->before_subnet_group == name;
                 return had || cluster.spec.subnet_group == name ||
                        IsAskedFor(transaction, cluster, [&](const auto& spec) { return spec.subnet_group == name; });
               }));
}

Status CheckSecurityGroupUnused(ports::Transaction& transaction, const std::string& name) {
  return InUse("security group", name, "cluster", ClustersWhere(transaction, [&](const model::Cluster& cluster) {
                 return Has(cluster.spec.security_groups, name);
               }));
}

Status CheckParameterGroupUnused(ports::Transaction& transaction, const std::string& name) {
  Names names;
  for (const model::Cluster& cluster : ClustersUsingParameterGroup(transaction, name)) names.push_back(cluster.name);
  return InUse("parameter group", name, "cluster", names);
}

std::vector<model::Cluster> ClustersUsingParameterGroup(ports::Transaction& transaction, const std::string& name) {
  std::vector<model::Cluster> clusters =
      All<model::Cluster>([&](const auto& page) { return transaction.clusters().List(page); });
  std::erase_if(clusters, [&](const model::Cluster& cluster) {
    const auto operation = transaction.journal().FindOperation(cluster.operation);
    const bool had = operation && operation->before && operation->before->parameter_group == name;
    const bool waits = cluster.pending && cluster.pending->parameter_group == name;
    return cluster.spec.parameter_group != name && !had && !waits &&
           !IsAskedFor(transaction, cluster, [&](const auto& spec) { return spec.parameter_group == name; });
  });
  return clusters;
}

}  // namespace cacheplane::service
