// Who can take over.
#include "controlplane/service/successor.h"

#include <gtest/gtest.h>

#include "tests/unit/service/placed_shard.h"

namespace cacheplane::service {
namespace {

using Lines = std::vector<std::string>;

constexpr MonoTime kNow{std::chrono::hours(1)};

struct Shard : PlacedShard {
  Shard() : PlacedShard(kNow) {}
  Successors Find() const { return FindSuccessors(nodes, facts, kNow); }
  Lines Fit() const {
    Lines names;
    for (const Successor& successor : Find().fit) names.push_back(successor.name.str());
    return names;
  }
};

TEST(Successors, TheOneThatHoldsMostComesFirst) {
  Shard shard;
  EXPECT_EQ(shard.Fit(), (Lines{"orders-002", "orders-003"}));
  shard.FactsOf(2).replication_offset = 1001;
  EXPECT_EQ(shard.Fit(), (Lines{"orders-003", "orders-002"}));
  EXPECT_EQ(shard.Find().primary_down, "");
  EXPECT_TRUE(shard.Find().passed_over.empty());
}

TEST(Successors, EveryoneElseHasAReason) {
  struct Case {
    const char* reason;
    void (*change)(Shard& shard);
  };
  const Case cases[] = {
      {"orders-003: the replication link is down", [](auto& shard) { shard.FactsOf(2).link_up = false; }},
      {"orders-003: it does not follow orders-001 yet",
       [](auto& shard) {
         shard.FactsOf(2).primary = {"127.20.0.9", 6379};
       }},
      {"orders-003: the engine is not replica yet", [](auto& shard) { shard.FactsOf(2).role = model::Role::kPrimary; }},
      {"orders-003: the engine is stopped by a signal", [](auto& shard) { shard.FactsOf(2).frozen = true; }},
      {"orders-003: the engine is starting",
       [](auto& shard) { shard.FactsOf(2).process = model::ProcessState::kStarting; }},
      {"orders-003: agent agent-3 is not connected", [](auto& shard) { shard.AgentOf(2).connected = false; }},
      {"orders-003: agent agent-3 was last heard 11.0 s ago",
       [](auto& shard) { shard.AgentOf(2).heard = kNow - std::chrono::seconds(11); }},
      {"orders-003: agent agent-3 has not reported it yet", [](auto& shard) { shard.AgentOf(2).nodes.Own().clear(); }},
  };
  for (const Case& c : cases) {
    Shard shard;
    shard.FactsOf(2).replication_offset = 9000;  // what it holds does not make it fit
    c.change(shard);
    EXPECT_EQ(shard.Fit(), Lines{"orders-002"}) << c.reason;
    EXPECT_EQ(shard.Find().passed_over, Lines{c.reason});
  }
}

TEST(Successors, WithADeadPrimaryWhoeverHoldsDataIsFit) {
  Shard shard;
  shard.FactsOf(0).process = model::ProcessState::kStopped;
  shard.FactsOf(0).exit_reason = "signal 9";
  shard.FactsOf(1).link_up = false;
  shard.FactsOf(2).link_up = false;
  shard.FactsOf(2).primary = {};
  shard.FactsOf(2).replication_offset = 1500;
  EXPECT_EQ(shard.Find().primary_down, "the engine ended: signal 9");
  EXPECT_EQ(shard.Fit(), (Lines{"orders-003", "orders-002"}));
  shard.FactsOf(1).replication_offset = 1;
  EXPECT_EQ(shard.Find().passed_over, Lines{"orders-002: it holds no data"});
}

TEST(Successors, APrimaryThatNobodyHearsIsDown) {
  Shard silent;
  silent.AgentOf(0).connected = false;
  EXPECT_EQ(silent.Find().primary_down, "agent agent-1 is not connected");
  Shard frozen;
  frozen.FactsOf(0).frozen = true;
  EXPECT_EQ(frozen.Find().primary_down, "the engine is stopped by a signal");
  Shard hung;
  hung.FactsOf(0).process = model::ProcessState::kHung;
  EXPECT_EQ(hung.Find().primary_down, "the engine does not answer");
}

TEST(Successors, APrimaryThatWasStartedAgainAndIsNotOpenIsDown) {
  Shard shard;
  shard.FactsOf(0).role = model::Role::kReplica;
  shard.FactsOf(1).link_up = false;
  shard.FactsOf(2).link_up = false;
  EXPECT_EQ(shard.Find().primary_down, "the engine is not open for writes");
  EXPECT_EQ(shard.Fit(), (Lines{"orders-002", "orders-003"}));
}

TEST(Successors, ANodeBeingErasedIsNone) {
  Shard shard;
  shard.nodes[1].intent = model::Intent::kErase;
  EXPECT_EQ(shard.Fit(), Lines{"orders-003"});
  EXPECT_TRUE(shard.Find().passed_over.empty());
}

TEST(Succession, SaysWhyThisOneAndWhyNotTheOthers) {
  Shard shard;
  const model::NodeName first("orders-001");
  const model::NodeName second("orders-002");
  const model::NodeName third("orders-003");
  EXPECT_EQ(Explain(first, shard.Find(), second, false),
            (Succession{first,
                        second,
                        "no other replica holds more: offset 1000 as last reported",
                        {"orders-003: as good as orders-002"}}));
  shard.FactsOf(2).replication_offset = 1200;
  EXPECT_EQ(
      Explain(first, shard.Find(), third, false),
      (Succession{
          first, third, "it holds most: offset 1200 as last reported", {"orders-002: 200 bytes behind orders-003"}}));
  EXPECT_EQ(Explain(first, shard.Find(), second, true), (Succession{first,
                                                                    second,
                                                                    "it was asked for: offset 1000 as last reported",
                                                                    {"orders-003: 200 bytes ahead of orders-002"}}));
  shard.FactsOf(1).link_up = false;
  EXPECT_EQ(Explain(first, shard.Find(), third, false),
            (Succession{first,
                        third,
                        "no other replica can: offset 1200 as last reported",
                        {"orders-002: the replication link is down"}}));
  shard.FactsOf(0).process = model::ProcessState::kStopped;
  shard.FactsOf(0).exit_reason = "signal 9";
  EXPECT_EQ(Explain(first, shard.Find(), third, false).reason,
            "it holds most: offset 1200 as last reported; orders-001 cannot hand over: the engine ended: signal 9");
}

}  // namespace
}  // namespace cacheplane::service
