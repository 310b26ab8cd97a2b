// A modification carried out: what it leaves in rows and in its operation, whatever comes between.
#include <gtest/gtest.h>

#include "controlplane/service/operation_service.h"
#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

class Rolling : public testing::Test {
 protected:
  using Change = std::function<void(service::ClusterDraft& spec, std::vector<std::string>& mask)>;

  static void ToVersion(service::ClusterDraft& spec, std::vector<std::string>& mask) {
    spec.engine_version = "8.1";
    mask.emplace_back("engine_version");
  }
  static Change ToReplicas(int replicas) {
    return [replicas](service::ClusterDraft& spec, std::vector<std::string>& mask) {
      spec.replicas_per_shard = replicas;
      mask.emplace_back("replicas_per_shard");
    };
  }

  service::ModifyClusterRequest Request(const std::vector<Change>& changes) {
    service::ModifyClusterRequest request;
    request.name = "orders";
    request.apply_immediately = true;
    for (const Change& change : changes) change(request.spec, request.update_mask);
    return request;
  }
  model::OperationId Asks(const service::ModifyClusterRequest& request) {
    const auto answer = world_.clusters.ModifyCluster(request);
    if (!answer.ok()) throw std::runtime_error(answer.error().message);
    return answer->operation->id;
  }
  model::OperationId Asks(const std::vector<Change>& changes) { return Asks(Request(changes)); }

  model::Operation Operation(const model::OperationId& id) {
    return *service::OperationService(world_.store).GetOperation(id.str());
  }
  model::OperationId SwitchesOver() {
    return world_.clusters.SwitchoverCluster({"orders", "", "", "", ""})->operation->id;
  }

  Installation installation_{{{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}}};
  service::World& world_ = installation_.world;
};

TEST_F(Rolling, OnlyItsOwnHandoverIsWhatItCostWriters) {
  installation_.Creates(1);
  installation_.pause_us = 1500;
  const auto switchover = SwitchesOver();
  installation_.Pass(2s);
  EXPECT_EQ(Operation(switchover).write_pause_us, 1500);
  const auto scaling = Asks({ToReplicas(2)});
  installation_.Pass(3s);
  ASSERT_EQ(Operation(scaling).status, model::OperationStatus::kSucceeded) << Operation(scaling).progress.reason;
  EXPECT_EQ(Operation(scaling).write_pause_us, 0);
  installation_.pause_us = 2500;
  const auto upgrade = Asks({ToVersion});
  installation_.Pass(10s);
  ASSERT_EQ(Operation(upgrade).status, model::OperationStatus::kSucceeded) << Operation(upgrade).progress.reason;
  EXPECT_EQ(Operation(upgrade).write_pause_us, 2500);
}

}  // namespace
}  // namespace cacheplane::reconcile
