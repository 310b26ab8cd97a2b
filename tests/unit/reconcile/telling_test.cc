// What operations and events say of what was done.
#include <gtest/gtest.h>

#include "tests/unit/reconcile/installation.h"

namespace cacheplane::reconcile {
namespace {

using namespace std::chrono_literals;

class Telling : public testing::Test {
 protected:
  void SetUp() override {
    service::CreateClusterRequest request = service::World::Request("orders");
    request.spec.replicas_per_shard = 2;
    request.spec.multi_az = true;
    created_ = world_.clusters.CreateCluster(request)->operation->id;
    installation_.Pass(2s);
    ASSERT_EQ(installation_.Find("orders")->status, model::ClusterStatus::kAvailable)
        << installation_.Find("orders")->status_reason;
  }

  model::Progress ProgressOf(const model::OperationId& id) {
    return world_.operations.GetOperation(id.str())->progress;
  }

  std::vector<std::string> EventsFrom(std::size_t first) {
    const std::vector<std::string> events = world_.Events();
    return {events.begin() + static_cast<std::ptrdiff_t>(first), events.end()};
  }

  static model::OperationStep Done(const char* name, const char* detail) {
    return {name, model::StepStatus::kDone, detail};
  }

  Installation installation_{{{"agent-a", "us-east-1a"}, {"agent-b", "us-east-1b"}, {"agent-c", "us-east-1c"}}};
  service::World& world_ = installation_.world;
  model::OperationId created_;
};

TEST_F(Telling, AStepThatIsDoneTellsWhatCameOfIt) {
  const std::vector<model::OperationStep> created = {
      Done("place nodes", "3 of 3 nodes placed"), Done("start engines", "3 of 3 engines answer"),
      Done("open primary", ""), Done("synchronise replicas", "2 of 2 replicas in sync"), Done("publish endpoints", "")};
  EXPECT_EQ(ProgressOf(created_), (model::Progress{100, created, ""}));
  const auto deleted = world_.clusters.DeleteCluster({"orders", "", "", false})->operation->id;
  installation_.Pass(2s);
  const std::vector<model::OperationStep> erased = {Done("withdraw endpoints", ""),
                                                    Done("erase nodes", "3 of 3 nodes erased")};
  EXPECT_EQ(ProgressOf(deleted), (model::Progress{100, erased, ""}));
}

TEST_F(Telling, ADeletionSaysWhatIsLeftOnLostHosts) {
  installation_.Loses("agent-c");
  const auto deleted = world_.clusters.DeleteCluster({"orders", "", "", false})->operation->id;
  installation_.Pass(35s);
  ASSERT_FALSE(installation_.Find("orders"));
  EXPECT_EQ(ProgressOf(deleted).steps.back(),
            Done("erase nodes", "2 of 3 nodes erased; once their hosts are back: orders-003"));
}

TEST_F(Telling, APlannedChangeOfPrimaryIsASwitchover) {
  const std::size_t before = world_.Events().size();
  ASSERT_TRUE(world_.clusters.SwitchoverCluster({"orders", "", "orders-002", "", ""}).ok());
  installation_.Pass(2s);
  EXPECT_EQ(EventsFrom(before),
            (std::vector<std::string>{"Switchover of cluster orders from orders-001 to orders-002 requested",
                                      "Switchover from primary node orders-001 to replica node orders-002 completed",
                                      "Switchover from primary node orders-001 to replica node orders-002 completed"}));
}

TEST_F(Telling, AnUnplannedOneIsAFailoverInElastiCachesWords) {
  const std::size_t before = world_.Events().size();
  installation_.Loses("agent-a");
  installation_.Pass(3s);
  std::vector<std::string> told = EventsFrom(before);
  std::erase_if(told, [](const std::string& event) {
    return event.starts_with("Replica") || event.find("orders-001") == std::string::npos;
  });
  EXPECT_EQ(told,
            (std::vector<std::string>{"Failover from primary node orders-001 to replica node orders-002 completed",
                                      "Failover from primary node orders-001 to replica node orders-002 completed",
                                      "Recovering cache nodes orders-001"}));
}

TEST_F(Telling, WhatAFormerPrimaryHadAloneIsToldAsFarAsItIsKnown) {
  installation_.Loses("agent-a");
  installation_.Pass(3s);
  installation_.diverged["orders-001"] = 120;
  installation_.Returns("agent-a");
  installation_.Pass(2s);
  EXPECT_EQ(world_.Events().at(world_.Events().size() - 2),
            "orders-001 had 120 bytes of its replication stream that its successor never received; they are dropped. "
            "How many of them are writes, and whether their clients were answered, is not known; writes that WAIT "
            "confirmed for every replica are not among them");
}

}  // namespace
}  // namespace cacheplane::reconcile
