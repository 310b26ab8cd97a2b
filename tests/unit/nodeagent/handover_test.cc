// Handovers between real engines, under a writer that never pauses.
#include "nodeagent/supervisor/handover.h"

#include <cstdio>

#include "tests/unit/nodeagent/handover_fixture.h"

namespace cacheplane::agent {
namespace {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Handovers);
INSTANTIATE_TEST_SUITE_P(Images, Handovers, testing::ValuesIn(Images()),
                         [](const auto& image) { return TestName(image.param); });

TEST_P(Handovers, BackAndForthTheyLoseNoAcknowledgedWrite) {
  ShrinkBacklogs();
  const int full_syncs = FullSyncs();
  std::vector<std::int64_t> gaps;
  Writer writer({AddressOf(requests_[0]), AddressOf(requests_[1])});
  ASSERT_TRUE(Eventually([&] { return writer.acknowledged() > 100; }));
  int primary = 0;
  const std::uint64_t rounds = Pause().by_command ? 20 : 5;
  for (std::uint64_t epoch = 2; epoch < 2 + rounds; ++epoch) {
    const int successor = 1 - primary;
    const int before = writer.acknowledged();
    Ready(successor, epoch);
    const HandoverReport report = HandOver(primary, successor, epoch);
    ASSERT_EQ(report.end, HandoverReport::End::kDone) << report.problem;
    EXPECT_EQ(report.problem, "");
    EXPECT_TRUE(report.complete);
    EXPECT_TRUE(report.all_restored);
    gaps.push_back(report.gap_us);
    AwaitConnections(primary);
    EXPECT_EQ(Setting(primary, "hz"), "10");
    EXPECT_EQ(Setting(primary, "min-replicas-to-write"), "0");
    EXPECT_EQ(engines_[successor]->Info().role, "primary");
    EXPECT_EQ(engines_[primary]->Info().role, "replica");
    ASSERT_TRUE(Eventually([&] { return InSync(successor, primary); }));
    ASSERT_TRUE(Eventually([&] { return writer.acknowledged() > before + 100; }));
    ASSERT_TRUE(Pause().by_command || Eventually([&] { return Acknowledges(successor); }));
    primary = successor;
  }
  writer.Stop();
  int lost = 0;
  for (int number = 0; number < writer.acknowledged(); ++number) {
    if (engines_[primary]->Anybody({"GET", "k" + std::to_string(number)}).text != "v") ++lost;
  }
  EXPECT_EQ(lost, 0) << "of " << writer.acknowledged();
  EXPECT_EQ(FullSyncs(), full_syncs);
  std::sort(gaps.begin(), gaps.end());
  std::printf(
      "%s: handovers %zu, gap median %.2f ms, worst %.2f ms, longest pause of the writer %.2f ms, %d writes, %d lost\n",
      TestName(GetParam()).c_str(), gaps.size(), static_cast<double>(gaps[gaps.size() / 2]) / 1000,
      static_cast<double>(gaps.back()) / 1000, static_cast<double>(writer.longest_gap().count()) / 1000,
      writer.acknowledged(), lost);
}

// Whoever is sent away dials again at once, and must be led to a node that is open.
TEST_P(Handovers, RoutersAreToldOnceTheCandidateIsOpenAndBeforeClientsAreSentAway) {
  Ready(1, 2);
  const Address former = AddressOf(requests_[0]);
  const auto client = resp::Client::Connect(former.host, former.port, milliseconds(2000));
  ASSERT_TRUE(client.ok());
  const auto serves = [&] {
    const auto pong = (*client)->Call({"PING"}, milliseconds(2000));
    return pong.ok() && pong->text == "PONG";
  };
  ASSERT_TRUE(serves());
  std::string opened;
  bool still_here = false;
  EngineLink own({.address = former, .password = requests_[0].internal_password});
  HandoverPlan plan{.candidate = AddressOf(requests_[1]), .epoch = 2, .pause = Pause()};
  plan.lead = [&] {
    opened = engines_[1]->Info().role;
    still_here = serves();
  };
  ASSERT_EQ(CarryOutHandover(own, plan).end, HandoverReport::End::kDone);
  EXPECT_EQ(opened, "primary");
  EXPECT_TRUE(still_here);
  EXPECT_FALSE(serves());
}

TEST_P(Handovers, OpenerMayOnlyOpenAndOnlyUntilItIsDismissed) {
  const Address address = AddressOf(requests_[1]);
  const auto link = [&](std::uint64_t epoch) {
    const std::string& password = requests_[1].internal_password;
    return EngineLink({.address = address, .password = password, .user = engine::OpenerName(epoch)});
  };
  EXPECT_FALSE(link(2).Connect(milliseconds(2000)).ok());
  Ready(1, 2);
  EXPECT_FALSE(link(1).Connect(milliseconds(2000)).ok());
  EngineLink opener = link(2);
  ASSERT_TRUE(opener.Connect(milliseconds(2000)).ok());
  for (const auto& command : {std::vector<std::string>{"GET", "k"}, {"PUBLISH", "c", "m"}, {"CONFIG", "GET", "*"}}) {
    const auto answer = opener.Call(command, milliseconds(2000));
    ASSERT_TRUE(answer.ok());
    EXPECT_TRUE(answer->text.starts_with("NOPERM")) << answer->text;
  }
  EXPECT_EQ(engines_[1]->Internal(engine::DismissOpener(2)).integer, 1);
  EXPECT_FALSE(opener.Tell({"REPLICAOF", "NO", "ONE"}, milliseconds(2000)).ok());
  EXPECT_FALSE(opener.Tell({"REPLICAOF", "NO", "ONE"}, milliseconds(2000)).ok()) << "signed in anew";
  EXPECT_EQ(engines_[1]->Info().role, "replica");
}

TEST_P(Handovers, CandidateThatHasNotSaidThatItIsReadyCostsNobodyAPause) {
  Ready(1, 6);
  Writer writer({AddressOf(requests_[0])});
  const HandoverReport report = HandOver(0, 1, 7);
  writer.Stop();
  EXPECT_EQ(report.end, HandoverReport::End::kKept);
  EXPECT_NE(report.problem.find("may be opened"), std::string::npos) << report.problem;
  EXPECT_EQ(engines_[0]->Info().role, "primary");
  EXPECT_EQ(engines_[1]->Info().role, "replica");
  EXPECT_GT(writer.acknowledged(), 100);
}

// What a stopped process has not received is found out with writes paused, and they go on.
TEST_P(Handovers, CandidateThatStopsReceivingLeavesEverythingAsItWas) {
  Ready(1, 2);
  Writer writer({AddressOf(requests_[0])});
  ASSERT_TRUE(Eventually([&] { return writer.acknowledged() > 100; }));
  kill(engines_[1]->pid(), SIGSTOP);
  const HandoverReport report = HandOver(0, 1, 2);
  kill(engines_[1]->pid(), SIGCONT);
  EXPECT_EQ(report.end, HandoverReport::End::kKept);
  EXPECT_NE(report.problem, "");
  const int before = writer.acknowledged();
  EXPECT_TRUE(Eventually([&] { return writer.acknowledged() > before + 100; }));
  EXPECT_EQ(engines_[0]->Info().role, "primary");
  EXPECT_EQ(engines_[1]->Info().role, "replica");
}

// Given up with writes paused, they go on at once and not when the pause would have ended.
TEST_P(Handovers, OneThatIsCalledOffLastMinuteLeavesEverythingAsItWas) {
  Ready(1, 2);
  Writer writer({AddressOf(requests_[0])});
  ASSERT_TRUE(Eventually([&] { return writer.acknowledged() > 100; }));
  EngineLink own({.address = AddressOf(requests_[0]), .password = requests_[0].internal_password});
  HandoverPlan plan{.candidate = AddressOf(requests_[1]), .epoch = 2, .pause = Pause()};
  *plan.called_off = true;
  const HandoverReport report = CarryOutHandover(own, plan);
  EXPECT_EQ(report.end, HandoverReport::End::kKept);
  EXPECT_EQ(report.problem, "called off");
  EXPECT_TRUE(report.all_restored);
  const int before = writer.acknowledged();
  EXPECT_TRUE(Eventually([&] { return writer.acknowledged() > before + 100; }));
  writer.Stop();
  EXPECT_LT(writer.longest_gap(), kPauseBudget / 2);
  EXPECT_EQ(engines_[0]->Info().role, "primary");
  EXPECT_EQ(engines_[1]->Info().role, "replica");
}

}  // namespace
}  // namespace cacheplane::agent
