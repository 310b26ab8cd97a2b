// Real rules in a network namespace of this process's own; nothing of it is seen outside, nothing of it stays.
#include "nodeagent/network/kernel_path.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "nodeagent/network/nft_batch.h"
#include "tests/unit/router/support.h"

namespace cacheplane::network {
namespace {

constexpr const char* kTable = "cacheplane_test";

class KernelPathTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!WhyNoPrivateNetwork().empty()) GTEST_SKIP() << "KERNEL PATH NOT TESTED, needs root: " << WhyNoPrivateNetwork();
    auto path = KernelPath::Open(kTable);
    if (!path.ok()) GTEST_SKIP() << "KERNEL PATH NOT TESTED: " << path.error().message;
    path_ = std::move(*path);
  }
  void TearDown() override {
    if (path_) {
      EXPECT_TRUE(RemoveTable(kTable).ok());
    }
  }

  std::string Ruleset() { return *Nft().Run("list ruleset"); }

  const SocketAddress endpoint_ = At(1, 6379);
  const SocketAddress other_endpoint_ = At(2, 6380);
  const SocketAddress at_a_ = At(11, 7001);
  const SocketAddress at_b_ = At(12, 7002);
  const SocketAddress at_c_ = At(13, 7003);
  std::unique_ptr<KernelPath> path_;
};

TEST_F(KernelPathTest, FlipsAnEndpointAndLeavesTheOthersConnectionsAlone) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  ASSERT_TRUE(path_->Apply({{endpoint_, {at_a_}}, {other_endpoint_, {at_a_}}}).ok());
  Client before(endpoint_);
  Client other(other_endpoint_);
  ASSERT_EQ(before.Greeting(), "a");
  ASSERT_EQ(other.Greeting(), "a");

  ASSERT_TRUE(path_->Apply({{endpoint_, {at_b_}}, {other_endpoint_, {at_a_}}}).ok());
  EXPECT_EQ(Answers(endpoint_, 20), (std::map<std::string, int>{{"b", 20}}));
  EXPECT_EQ(other.Echo("still here"), "still here");
  EXPECT_EQ(Client(other_endpoint_).Greeting(), "a");
  EXPECT_EQ(before.Echo("the engine's to close"), "the engine's to close");
}

TEST_F(KernelPathTest, SpreadsOverTargetsEvenly) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  const NamedEcho c("c", at_c_);
  ASSERT_TRUE(path_->Apply({{endpoint_, {at_a_, at_b_, at_c_}}}).ok());
  const auto answers = Answers(endpoint_, 600);
  // Six standard deviations either side of 200.
  for (const char* name : {"a", "b", "c"}) EXPECT_NEAR(answers.at(name), 200, 70);
  EXPECT_EQ(answers.size(), 3U);
}

TEST_F(KernelPathTest, NumbersOfTargetsChangeBothWays) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  for (const Targets& targets : {Targets{at_a_}, Targets{at_a_, at_b_}, Targets{at_b_}, Targets{at_b_, at_a_, at_b_}}) {
    ASSERT_TRUE(path_->Apply({{endpoint_, targets}}).ok());
    const auto answers = Answers(endpoint_, 60);
    EXPECT_FALSE(answers.contains(""));
    EXPECT_EQ(answers.contains("a"), targets != Targets{at_b_});
    EXPECT_EQ(answers.contains("b"), targets != Targets{at_a_});
  }
}

// New connections all the while; not one may meet a moment without rules.
TEST_F(KernelPathTest, FlipsRefuseNobody) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  ASSERT_TRUE(path_->Apply({{endpoint_, {at_a_}}}).ok());
  std::atomic<bool> stop = false;
  std::atomic<int> refused = 0;
  std::atomic<int> opened = 0;
  std::thread dialler([&] {
    while (!stop) {
      ++opened;
      if (Client(endpoint_).Greeting().empty()) ++refused;
    }
  });
  int flips = 0;
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
       std::chrono::steady_clock::now() < end;) {
    ASSERT_TRUE(path_->Apply({{endpoint_, {at_b_, at_a_}}}).ok());
    ASSERT_TRUE(path_->Apply({{endpoint_, {at_a_}}}).ok());
    ASSERT_TRUE(path_->Apply({{endpoint_, {at_b_}}}).ok());
    flips += 3;
  }
  stop = true;
  dialler.join();
  EXPECT_EQ(refused, 0) << opened << " connections, " << flips << " flips";
  RecordProperty("connections", opened);
  RecordProperty("flips", flips);
}

TEST_F(KernelPathTest, RulesOutliveAKilledProcessAndAreTakenOver) {
  const pid_t child = fork();
  if (child == 0) {
    auto path = KernelPath::Open(kTable);
    if (path.ok() && (*path)->Apply({{endpoint_, {at_a_}}, {other_endpoint_, {at_a_}}}).ok()) raise(SIGKILL);
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  EXPECT_EQ(Client(endpoint_).Greeting(), "a");
  Client other(other_endpoint_);
  ASSERT_EQ(other.Greeting(), "a");

  auto next = KernelPath::Open(kTable);
  ASSERT_TRUE(next.ok());
  EXPECT_FALSE(*(*next)->Heal());
  ASSERT_TRUE((*next)->Apply({{endpoint_, {at_b_}}, {other_endpoint_, {at_a_}}}).ok());
  EXPECT_EQ(Client(endpoint_).Greeting(), "b");
  EXPECT_EQ(other.Echo("still here"), "still here");
}

TEST_F(KernelPathTest, PutsBackARemovedTable) {
  const NamedEcho a("a", at_a_);
  for (const std::string& damage : {RemovalOf(kTable), std::string("flush ruleset")}) {
    ASSERT_TRUE(path_->Apply({{endpoint_, {at_a_}}}).ok());
    ASSERT_TRUE(Nft().Run(damage).ok()) << damage;
    EXPECT_TRUE(*path_->Heal()) << damage;
    EXPECT_EQ(Client(endpoint_).Greeting(), "a") << damage;
    EXPECT_FALSE(*path_->Heal()) << damage;
  }
}

TEST_F(KernelPathTest, ReplacesATableOfAnotherLayoutWhenItStarts) {
  const NamedEcho a("a", at_a_);
  for (const char* damage : {"add chain ip cacheplane_test stranger", "flush chain ip cacheplane_test output",
                             "flush chain ip cacheplane_test prerouting"}) {
    ASSERT_TRUE(Nft().Run(damage).ok()) << damage;
    path_ = std::move(*KernelPath::Open(kTable));
    ASSERT_TRUE(path_->Apply({{endpoint_, {at_a_}}}).ok());
    EXPECT_EQ(Client(endpoint_).Greeting(), "a") << damage;
  }
}

TEST_F(KernelPathTest, AppliesOverATableChangedBehindItsBack) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  ASSERT_TRUE(path_->Apply({{endpoint_, {at_a_}}}).ok());
  ASSERT_TRUE(Nft().Run("flush map ip cacheplane_test targets").ok());
  ASSERT_TRUE(path_->Apply({{endpoint_, {at_b_}}}).ok());
  EXPECT_EQ(Client(endpoint_).Greeting(), "b");
}

TEST_F(KernelPathTest, TouchesNothingOutsideItsTableAndLeavesNothing) {
  ASSERT_TRUE(RemoveTable(kTable).ok());
  ASSERT_TRUE(Nft().Run("add table ip neighbour\nadd chain ip neighbour c\n").ok());
  const std::string before = Ruleset();
  ASSERT_TRUE((*KernelPath::Open(kTable))->Apply({{endpoint_, {at_a_}}}).ok());
  EXPECT_NE(Ruleset(), before);
  ASSERT_TRUE(RemoveTable(kTable).ok());
  EXPECT_EQ(Ruleset(), before);
  ASSERT_TRUE(Nft().Run("delete table ip neighbour").ok());
}

TEST_F(KernelPathTest, NamesTheEndpointThatDoesNotAnswer) {
  const NamedEcho a("a", at_a_);
  ASSERT_TRUE(path_->Apply({{endpoint_, {at_a_}}, {other_endpoint_, {at_b_}}}).ok());
  EXPECT_EQ(path_->Unanswered({endpoint_, other_endpoint_}, std::chrono::milliseconds(200)),
            std::vector{other_endpoint_});
}

// A budget, generous for a busy machine: flips among a thousand endpoints are counted in milliseconds.
TEST_F(KernelPathTest, AFlipAmongAThousandEndpointsIsQuick) {
  Endpoints endpoints;
  for (int i = 0; i < 1000; ++i) endpoints[{"127.24.1.1", static_cast<std::uint16_t>(2000 + i)}] = {at_a_, at_b_};
  endpoints[endpoint_] = {at_a_};
  ASSERT_TRUE(path_->Apply(endpoints).ok());
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    endpoints[endpoint_] = {i % 2 == 0 ? at_b_ : at_a_};
    ASSERT_TRUE(path_->Apply(endpoints).ok());
  }
  const auto each = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start) / 20;
  const auto heal_start = std::chrono::steady_clock::now();
  EXPECT_FALSE(*path_->Heal());
  const std::chrono::duration<double, std::milli> heal = std::chrono::steady_clock::now() - heal_start;
  std::printf("a flip among 1001 endpoints: %.2f ms; looking whether it is there: %.2f ms\n", each.count(),
              heal.count());
  EXPECT_LT(each.count(), 200);
}

}  // namespace
}  // namespace cacheplane::network
