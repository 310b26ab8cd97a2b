// Real rules in a network namespace of this process's own; nothing of it is seen outside, nothing of it stays.
#include "nodeagent/network/kernel_fence.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "nodeagent/network/fence_batch.h"
#include "nodeagent/network/nft.h"
#include "nodeagent/network/probe.h"
#include "tests/unit/router/support.h"

namespace cacheplane::network {
namespace {

using std::chrono::milliseconds;

constexpr const char* kTable = "cacheplane_fence_test";
constexpr std::uint32_t kMark = 0x1234;

class KernelFenceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!WhyNoPrivateNetwork().empty()) GTEST_SKIP() << "FENCE NOT TESTED, needs root: " << WhyNoPrivateNetwork();
    Open();
  }
  void TearDown() override { EXPECT_TRUE(RemoveKernelFence(kTable).ok()); }

  void Open() {
    auto fence = KernelFence(kTable, kMark);
    ASSERT_TRUE(fence.ok()) << fence.error().message;
    fence_ = std::move(*fence);
  }
  Leases For(milliseconds left) const { return {{engine_, {.end = BootClock::now() + left}}}; }
  void Guard(milliseconds left) { ASSERT_TRUE(fence_->Guard(For(left)).ok()); }
  bool Serves() const { return Silent({engine_}, milliseconds(100)).empty(); }

  const SocketAddress engine_ = At(21, 6379);
  const SocketAddress other_ = At(22, 6379);
  std::unique_ptr<Fence> fence_;
};

TEST_F(KernelFenceTest, LeavesNothingBeforeItGuards) {
  EXPECT_EQ(fence_->kind(), "kernel");
  EXPECT_TRUE(fence_->guarded().empty());
  EXPECT_EQ(Nft().Run("list ruleset")->find(kTable), std::string::npos);
}

TEST_F(KernelFenceTest, AnswersNobodyWithoutALeaseAndOthersAreNotConcerned) {
  const NamedEcho echo("engine", engine_);
  const NamedEcho other("other", other_);
  Guard(milliseconds(0));
  EXPECT_FALSE(Serves());
  EXPECT_EQ(Answers(other_, 3), (std::map<std::string, int>{{"other", 3}}));
  Guard(milliseconds(60'000));
  EXPECT_TRUE(Serves());
}

TEST_F(KernelFenceTest, LeaseEndsByItselfAndCanBeRenewed) {
  const NamedEcho echo("engine", engine_);
  Guard(milliseconds(60'000));
  Client client(engine_);
  ASSERT_EQ(client.Greeting(), "engine");
  Guard(milliseconds(30));
  const auto ended = std::chrono::steady_clock::now() + milliseconds(60);
  std::this_thread::sleep_until(ended);  // nothing announces the end of a kernel's timer
  EXPECT_FALSE(Serves());
  Guard(milliseconds(60'000));
  EXPECT_TRUE(Serves());
  EXPECT_EQ(client.Echo("held, not broken"), "held, not broken");
}

TEST_F(KernelFenceTest, HoldsWhenItsProcessIsGoneAndIsTakenOver) {
  const NamedEcho echo("engine", engine_);
  Guard(milliseconds(0));
  fence_.reset();
  EXPECT_FALSE(Serves());
  Open();
  EXPECT_EQ(fence_->guarded(), std::set<SocketAddress>{engine_});
  EXPECT_FALSE(Serves());
  ASSERT_TRUE(fence_->Unguard(engine_, false).ok());
  EXPECT_TRUE(Serves());
  EXPECT_TRUE(fence_->guarded().empty());
}

TEST_F(KernelFenceTest, UnguardingMayResetWhatWaitsInConnections) {
  const NamedEcho echo("engine", engine_);
  Guard(milliseconds(60'000));
  Client client(engine_);
  ASSERT_EQ(client.Greeting(), "engine");
  Guard(milliseconds(0));
  ASSERT_TRUE(fence_->Unguard(engine_, true).ok());
  EXPECT_NE(client.Echo("said behind the fence"), "said behind the fence");
  EXPECT_TRUE(Serves());
}

TEST_F(KernelFenceTest, RulesThatSomebodyRemovedComeBack) {
  const NamedEcho echo("engine", engine_);
  Guard(milliseconds(60'000));
  ASSERT_TRUE(RemoveKernelFence(kTable).ok());
  EXPECT_FALSE(fence_->Guard(For(milliseconds(0))).ok());
  Guard(milliseconds(0));
  EXPECT_FALSE(Serves());
}

TEST_F(KernelFenceTest, OddNamesAreRefused) {
  EXPECT_FALSE(KernelFence("a table", kMark).ok());
  EXPECT_FALSE(RemoveKernelFence("x; flush ruleset").ok());
}

TEST(FenceBatch, RenewalRefreshesTheTimeout) {
  const SocketAddress address{"10.0.0.7", 6379};
  EXPECT_EQ(GuardBatch("t", {{address, milliseconds(900)}}),
            "add element ip t guarded { 10.0.0.7 . 6379 }\n"
            "add element ip t leased { 10.0.0.7 . 6379 timeout 1h }\n"
            "delete element ip t leased { 10.0.0.7 . 6379 }\n"
            "add element ip t leased { 10.0.0.7 . 6379 timeout 900ms }\n");
  EXPECT_EQ(GuardBatch("t", {{address, milliseconds(0)}}).find("0ms"), std::string::npos);
}

}  // namespace
}  // namespace cacheplane::network
