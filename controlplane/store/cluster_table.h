// Clusters with their security groups, in SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/ports/store.h"
#include "controlplane/store/sql/session.h"

namespace cacheplane::store {

class ClusterTable final : public ports::ClusterTable {
 public:
  explicit ClusterTable(sql::Session& session) : session_(session) {}
  Status Insert(const model::Cluster& cluster) override;
  Status Update(const model::Cluster& cluster) override;
  void Remove(const model::ClusterUid& uid) override;
  std::optional<model::Cluster> Find(const std::string& name) override;
  std::optional<model::Cluster> Find(const model::ClusterUid& uid) override;
  std::vector<model::Cluster> List(const ports::PageRequest& page) override;
  std::vector<model::ClusterUid> Uids() override;
  std::vector<model::Revision> Revisions(const model::ClusterUid& uid, std::uint64_t below, int limit) override;

 private:
  std::vector<std::string> SecurityGroupsOf(const model::ClusterUid& uid);
  std::optional<model::Cluster> WithSecurityGroups(std::optional<model::Cluster> cluster);
  Status PutSecurityGroups(const model::Cluster& cluster);
  void KeepRevision(const model::Cluster& cluster);
  sql::Session& session_;
};

}  // namespace cacheplane::store
