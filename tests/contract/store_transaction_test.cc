#include <atomic>
#include <future>
#include <thread>

#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using ports::Transaction;

TEST_P(StoreContract, FailedWriteLeavesNothingAndReturnsItsError) {
  GivenNetwork();
  const model::Cluster cluster = GivenCluster("orders");
  const Status status = Write([&](Transaction& t) -> Status {
    EXPECT_OK(t.clusters().Insert(ACluster("carts")));
    t.plan().PutShard({cluster.uid, 1, {1}, {1}});
    EXPECT_OK(t.plan().PutNode(ANode(cluster, 1, "10.0.1.5")));
    t.plan().NextEndpointMapVersion();
    EXPECT_OK(t.network().InsertSubnet(ASubnet("net-c", "z", "10.0.3.0/24")));
    t.journal().PutOperation(AnOperation("op-9", "orders", At(0)));
    t.journal().AppendEvent(AnEvent("orders", "x", At(0)));
    t.journal().Remember(ARequest("r-1", At(0)));
    t.hosts().PutHost(AHost("agent-1"));
    t.clusters().Remove(cluster.uid);
    return FailedPrecondition("no");
  });
  EXPECT_EQ(status.error(), FailedPrecondition("no"));
  store_->Read([&](Transaction& t) {
    EXPECT_EQ(t.clusters().Uids(), std::vector{cluster.uid});
    EXPECT_TRUE(t.plan().Shards(cluster.uid).empty());
    EXPECT_TRUE(t.plan().AllNodes().empty());
    EXPECT_EQ(t.plan().EndpointMapVersion(), 0U);
    EXPECT_EQ(t.network().Subnets({}).size(), 2U);
    EXPECT_TRUE(t.journal().Operations("", {}).empty());
    EXPECT_EQ(t.journal().LastEventSequence(), 0U);
    EXPECT_EQ(t.journal().Recall("r-1"), std::nullopt);
    EXPECT_TRUE(t.hosts().Hosts().empty());
  });
}

TEST_P(StoreContract, WriterSeesItsOwnChanges) {
  GivenNetwork();
  Commit([](Transaction& t) {
    EXPECT_OK(t.clusters().Insert(ACluster("orders")));
    EXPECT_EQ(t.clusters().Find("orders"), ACluster("orders"));
    t.clusters().Remove(ACluster("orders").uid);
    EXPECT_EQ(t.clusters().Find("orders"), std::nullopt);
  });
}

TEST_P(StoreContract, ReadKeepsItsSnapshotWhileOthersWrite) {
  const auto last = [](Transaction& t) { return t.journal().LastEventSequence(); };
  store_->Read([&](Transaction& t) {
    std::async(std::launch::async, [&] {
      Commit([](Transaction& writer) { writer.journal().AppendEvent(AnEvent("orders", "x", At(0))); });
    }).get();
    EXPECT_EQ(last(t), 0U);  // committed after this Read began
    EXPECT_TRUE(t.journal().Events({}).empty());
    EXPECT_EQ(Look(last), 1U);  // a Read that begins now
  });
}

TEST_P(StoreContract, ReadRunsBesideAWriterAndSeesNothingOfIt) {
  Commit([&](Transaction& t) {
    t.journal().AppendEvent(AnEvent("orders", "x", At(0)));
    const auto seen = std::async(std::launch::async, [&] {
                        return Look([](Transaction& reader) { return reader.journal().LastEventSequence(); });
                      }).get();
    EXPECT_EQ(seen, 0U);
  });
}

TEST_P(StoreContract, WritersTakeTurnsAndNoneIsLost) {
  constexpr int kThreads = 4;
  constexpr int kWrites = 50;
  ports::EventFilter all;
  all.limit = 2 * kThreads * kWrites;
  std::atomic<bool> writing = true;
  std::thread reader([&] {
    while (writing) {
      store_->Read([&](Transaction& t) { EXPECT_EQ(t.journal().Events(all).size(), t.journal().LastEventSequence()); });
    }
  });
  std::vector<std::thread> writers;
  for (int i = 0; i < kThreads; ++i) {
    writers.emplace_back([&] {
      for (int j = 0; j < kWrites; ++j) {
        EXPECT_OK(store_->Write([&](Transaction& t) -> Status {
          const std::uint64_t before = t.journal().LastEventSequence();
          EXPECT_EQ(t.journal().AppendEvent(AnEvent("orders", "x", At(j))), before + 1);
          return {};
        }));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  writing = false;
  reader.join();
  const auto events = Look([&](Transaction& t) { return t.journal().Events(all); });
  ASSERT_EQ(events.size(), static_cast<std::size_t>(kThreads * kWrites));
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].sequence, i + 1);
}

TEST_P(StoreContract, WritingInAReadStopsTheProcess) {
  EXPECT_DEATH(store_->Read([](Transaction& t) { t.hosts().PutHost(AHost("agent-1")); }), "");
  EXPECT_DEATH(store_->Read([](Transaction& t) { t.plan().NextEndpointMapVersion(); }), "");
}

}  // namespace
}  // namespace cacheplane::test
