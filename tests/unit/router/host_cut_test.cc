// Real rules in a network namespace of this process's own; nothing of it is seen outside, nothing of it stays.
#include "nodeagent/network/host_cut.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "nodeagent/network/nft.h"
#include "nodeagent/network/probe.h"
#include "tests/unit/router/support.h"

namespace cacheplane::network {
namespace {

using std::chrono::milliseconds;

constexpr const char* kTable = "cacheplane_cut_test";
constexpr std::uint32_t kMark = 0x1234;

class HostCutTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!WhyNoPrivateNetwork().empty()) GTEST_SKIP() << "CUT NOT TESTED, needs root: " << WhyNoPrivateNetwork();
    // Not before: it stays in the network in which it was made.
    cut_ = std::make_unique<HostCut>(kTable, kMark);
  }
  void TearDown() override {
    if (cut_ == nullptr) return;
    EXPECT_TRUE(cut_->Remove().ok());
  }

  void Begin(const CutTargets& targets, milliseconds duration = milliseconds(60'000)) {
    const Status prepared = cut_->Prepare();
    ASSERT_TRUE(prepared.ok()) << prepared.error().message;
    const Status begun = cut_->Begin(targets, duration);
    ASSERT_TRUE(begun.ok()) << begun.error().message;
  }
  CutTargets Engines() const { return {.engines = {engine_.address}, .sockets = {}}; }
  static bool Serves(const SocketAddress& address) { return Silent({address}, milliseconds(100)).empty(); }
  static bool HasTable() { return Nft().Run("list ruleset")->find(kTable) != std::string::npos; }

  const SocketAddress engine_ = At(31, 6379);
  const SocketAddress other_ = At(32, 6379);
  std::unique_ptr<HostCut> cut_;
};

TEST_F(HostCutTest, PreparedItCutsNobody) {
  const NamedEcho echo("engine", engine_);
  EXPECT_FALSE(HasTable());
  ASSERT_TRUE(cut_->Prepare().ok());
  EXPECT_TRUE(HasTable());
  EXPECT_FALSE(cut_->UnderWay());
  EXPECT_TRUE(Serves(engine_));
  ASSERT_TRUE(cut_->Remove().ok());
  EXPECT_FALSE(HasTable());
}

TEST_F(HostCutTest, AnEngineIsNotHeardAndOthersAre) {
  const NamedEcho echo("engine", engine_);
  const NamedEcho other("other", other_);
  Client before(engine_);
  ASSERT_EQ(before.Greeting(), "engine");
  Begin(Engines());
  EXPECT_TRUE(cut_->UnderWay());
  EXPECT_FALSE(Serves(engine_));
  EXPECT_TRUE(Serves(other_));
  ASSERT_TRUE(cut_->Remove().ok());
  EXPECT_EQ(before.Echo("held, not broken"), "held, not broken");
}

TEST_F(HostCutTest, ItEndsByItselfWhoeverIsGone) {
  const NamedEcho echo("engine", engine_);
  {
    HostCut passing(kTable, kMark);
    ASSERT_TRUE(passing.Prepare().ok());
    ASSERT_TRUE(passing.Begin(Engines(), milliseconds(600)).ok());
  }
  EXPECT_TRUE(cut_->UnderWay());
  EXPECT_FALSE(Serves(engine_));
  EXPECT_TRUE(Eventually([this] { return Serves(engine_); }));
  EXPECT_FALSE(cut_->UnderWay());
}

TEST_F(HostCutTest, ASecondOneIsRefusedWhileItLasts) {
  Begin(Engines());
  const Status again = cut_->Prepare();
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error(), FailedPrecondition("it is cut off already"));
  EXPECT_TRUE(cut_->UnderWay()) << "and the first one goes on";
}

TEST_F(HostCutTest, ConnectionsOfTheAgentToItsEnginesPass) {
  const NamedEcho echo("engine", engine_);
  Begin(Engines());
  // By its mark alone: it cannot be set on a test client that connects by itself.
  ASSERT_TRUE(Nft()
                  .Run("add table ip cacheplane_mark_test\n"
                       "add chain ip cacheplane_mark_test out { type route hook output priority -300 ; }\n"
                       "add rule ip cacheplane_mark_test out meta mark set 0x1234\n")
                  .ok());
  EXPECT_TRUE(Serves(engine_));
  ASSERT_TRUE(Nft().Run("delete table ip cacheplane_mark_test").ok());
  EXPECT_FALSE(Serves(engine_));
}

TEST_F(HostCutTest, OwnConnectionsAreFoundAndCut) {
  const NamedEcho control("control plane", other_);
  const NamedEcho echo("engine", engine_);
  Client session(other_);
  Client to_engine(engine_);
  ASSERT_EQ(session.Greeting(), "control plane");
  ASSERT_EQ(to_engine.Greeting(), "engine");
  auto sockets = OwnConnections({engine_.address});
  ASSERT_TRUE(sockets.ok());
  EXPECT_EQ(sockets->erase({Transport::kTcp, other_}), 1U) << "the servers' ends are of this process, too";
  EXPECT_EQ(sockets->erase({Transport::kTcp, engine_}), 1U);
  EXPECT_EQ(sockets->size(), 1U) << "the one to the control plane, and not the one to the engine";
  Begin({.engines = {}, .sockets = *sockets});
  EXPECT_TRUE(cut_->UnderWay());
  EXPECT_EQ(session.Echo("nobody hears this"), "");
  EXPECT_EQ(to_engine.Echo("and this goes on"), "and this goes on");
}

TEST_F(HostCutTest, OddNamesAreRefused) { EXPECT_FALSE(HostCut("a table", kMark).Prepare().ok()); }

TEST(CutBatch, ElementsEndByThemselves) {
  EXPECT_EQ(CutBatch("t",
                     {.engines = {"10.0.0.7"},
                      .sockets = {{Transport::kTcp, {"10.0.0.1", 40000}}, {Transport::kUdp, {"10.0.0.1", 7071}}}},
                     milliseconds(1500)),
            "add element ip t engines { 10.0.0.7 timeout 1500ms }\n"
            "add element ip t tcp_sockets { 10.0.0.1 . 40000 timeout 1500ms }\n"
            "add element ip t udp_sockets { 10.0.0.1 . 7071 timeout 1500ms }\n");
  EXPECT_EQ(CutBatch("t", {}, milliseconds(1500)), "");
}

}  // namespace
}  // namespace cacheplane::network
