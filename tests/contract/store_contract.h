// What every store is held to: the fixture of the contract, run against each implementation.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controlplane/ports/store.h"
#include "tests/contract/store_builders.h"
#include "tests/contract/temporary_directory.h"

namespace cacheplane::test {

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<ports::Store>(const TemporaryDirectory&)> open;
};

class StoreContract : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override { store_ = GetParam().open(directory_); }

  // The function's own answer; the transaction commits when it is ok.
  Status Write(const std::function<Status(ports::Transaction&)>& function) { return store_->Write(function); }

  // A write that succeeds, of whatever the function answers.
  void Commit(const std::function<void(ports::Transaction&)>& function) {
    const Status status = store_->Write([&](ports::Transaction& transaction) -> Status {
      function(transaction);
      return {};
    });
    ASSERT_TRUE(status.ok()) << status.error().message;
  }

  // What the function finds in a Read.
  template <typename Function>
  auto Look(Function function) {
    std::optional<decltype(function(std::declval<ports::Transaction&>()))> found;
    store_->Read([&](ports::Transaction& transaction) { found = function(transaction); });
    return *std::move(found);
  }

  // Subnets net-a and net-b, the subnet group "default" of both, the security groups "web" and "db".
  void GivenNetwork() {
    Commit([](ports::Transaction& transaction) {
      ports::NetworkTable& network = transaction.network();
      EXPECT_OK(network.InsertSubnet(ASubnet("net-a", "zone-a", "10.0.1.0/24")));
      EXPECT_OK(network.InsertSubnet(ASubnet("net-b", "zone-b", "10.0.2.0/24")));
      EXPECT_OK(network.InsertSubnetGroup({"default", "all zones", {"net-a", "net-b"}}));
      EXPECT_OK(network.InsertSecurityGroup(ASecurityGroup("web")));
      EXPECT_OK(network.InsertSecurityGroup(ASecurityGroup("db")));
    });
  }

  model::Cluster GivenCluster(const std::string& name) {
    const model::Cluster cluster = ACluster(name);
    Commit([&](ports::Transaction& transaction) { EXPECT_OK(transaction.clusters().Insert(cluster)); });
    return cluster;
  }

  std::vector<std::string> ClusterNames(const ports::PageRequest& page = {}) {
    return Look([&](ports::Transaction& transaction) {
      std::vector<std::string> names;
      for (const model::Cluster& cluster : transaction.clusters().List(page)) names.push_back(cluster.name);
      return names;
    });
  }

  TemporaryDirectory directory_;
  std::unique_ptr<ports::Store> store_;
};

}  // namespace cacheplane::test
