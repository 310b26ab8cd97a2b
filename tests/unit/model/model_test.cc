#include <gtest/gtest.h>

#include "controlplane/model/cluster.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/network.h"
#include "controlplane/model/plan.h"
#include "controlplane/model/window.h"

namespace cacheplane::model {
namespace {

TEST(Version, IsComparedByItsNumbers) {
  EXPECT_TRUE(IsNewer("8.0.10", "8.0.9"));
  EXPECT_FALSE(IsNewer("8.0.9", "8.0.10"));
  EXPECT_FALSE(IsNewer("8.0.9", "8.0.9"));
  EXPECT_FALSE(IsNewer("", "8.0.9"));
  Host host;
  host.images = {{"redis", "8.0.11"}, {"valkey", "8.0.10"}, {"valkey", "8.0.9"}, {"valkey", "8.1.1"}};
  EXPECT_EQ(NewestImage(host, "valkey", "8.0"), "8.0.10");
  EXPECT_EQ(NewestImage(host, "valkey", "9.1"), "");
}

NodeFacts Running() {
  NodeFacts facts;
  facts.incarnation = Incarnation("in-1");
  facts.process = ProcessState::kRunning;
  facts.role = Role::kPrimary;
  facts.replication_offset = 5000;
  facts.replicas = {{{"127.0.0.2", 6379}, "online", 4990}};
  return facts;
}

TEST(NodeFacts, MetersAreNoNews) {
  NodeFacts later = Running();
  later.replication_offset = 6000;
  later.used_memory_bytes = 1 << 20;
  later.link_down_seconds = 3;
  later.replicas[0].acknowledged_offset = 5990;
  EXPECT_FALSE(IsNews(Running(), later));
  EXPECT_FALSE(IsNews(Running(), Running()));
}

TEST(NodeFacts, WhateverElseChangesIsNews) {
  const auto changed = [](auto change) {
    NodeFacts later = Running();
    change(later);
    return IsNews(Running(), later);
  };
  EXPECT_TRUE(changed([](auto& facts) { facts.process = ProcessState::kHung; }));
  EXPECT_TRUE(changed([](auto& facts) { facts.role = Role::kReplica; }));
  EXPECT_TRUE(changed([](auto& facts) { facts.epoch = {7}; }));
  EXPECT_TRUE(changed([](auto& facts) { facts.replicas[0].state = "wait_bgsave"; }));
  EXPECT_TRUE(changed([](auto& facts) { facts.replicas.clear(); }));
  EXPECT_TRUE(changed([](auto& facts) { facts.handed_over = {7}; }));
  EXPECT_TRUE(changed([](auto& facts) { facts.diverged_bytes = 10; }));
}

TEST(NodeFacts, TheFirstWriteIsNews) {
  NodeFacts empty = Running();
  for (const std::int64_t nothing : {0, 1}) {
    empty.replication_offset = nothing;
    EXPECT_TRUE(IsNews(empty, Running()));
  }
  NodeFacts as_empty = Running();
  as_empty.replication_offset = 0;
  EXPECT_FALSE(IsNews(empty, as_empty));
}

TEST(NodeFacts, NodesThatComeAndGoAreNews) {
  const NodeFactsMap none;
  const NodeFactsMap one{{Incarnation("in-1"), Running()}};
  const NodeFactsMap other{{Incarnation("in-2"), Running()}};
  EXPECT_TRUE(IsNews(none, one));
  EXPECT_TRUE(IsNews(one, none));
  EXPECT_TRUE(IsNews(one, other));
  EXPECT_FALSE(IsNews(one, one));
}

TEST(Cidr, ParsesWhatItFormats) {
  for (const char* text : {"127.20.0.0/20", "10.0.0.0/8", "0.0.0.0/0", "192.168.1.1/32"}) {
    const auto cidr = ParseCidr(text);
    ASSERT_TRUE(cidr) << text;
    EXPECT_EQ(FormatCidr(*cidr), text);
  }
}

TEST(Cidr, RefusesWhatIsNone) {
  for (const char* text : {"", "10.0.0.0", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "10.0.0.256/32", "010.0.0.0/8",
                           "10.0.0.0/-1", "10.0.0.0/8 ", "a.b.c.d/8"}) {
    EXPECT_FALSE(ParseCidr(text)) << text;
  }
}

// 2026-11-27, a Friday, and a window over the end of the week.
TEST(MaintenanceWindow, TellsHowMuchOfItIsLeft) {
  using std::chrono::hours;
  using std::chrono::minutes;
  const WallTime friday = FromUnixMillis(1'795'737'600'000);
  const auto fridays = *ParseMaintenanceWindow("fri:03:00-fri:04:30");
  EXPECT_EQ(LeftOf(fridays, friday), minutes(0));
  EXPECT_EQ(LeftOf(fridays, friday + hours(3)), minutes(90));
  EXPECT_EQ(LeftOf(fridays, friday + hours(4)), minutes(30));
  EXPECT_EQ(LeftOf(fridays, friday + minutes(270)), minutes(0));
  const auto over_the_week = *ParseMaintenanceWindow("sat:23:00-sun:01:00");
  EXPECT_EQ(LeftOf(over_the_week, friday + hours(47)), minutes(120));
  EXPECT_EQ(LeftOf(over_the_week, friday + minutes(48 * 60 + 30)), minutes(30));
  EXPECT_EQ(LeftOf(over_the_week, friday + hours(49)), minutes(0));
}

TEST(Cidr, OverlapIsSymmetric) {
  const Cidr wide = *ParseCidr("127.20.0.0/16");
  const Cidr narrow = *ParseCidr("127.20.16.0/20");
  const Cidr other = *ParseCidr("127.21.0.0/16");
  EXPECT_TRUE(wide.Overlaps(narrow));
  EXPECT_TRUE(narrow.Overlaps(wide));
  EXPECT_FALSE(narrow.Overlaps(other));
}

TEST(MaintenanceWindow, ParsesWhatItFormats) {
  for (const char* text : {"sun:23:00-mon:01:30", "sat:23:30-sun:00:30", "wed:00:00-thu:00:00"}) {
    const auto window = ParseMaintenanceWindow(text);
    ASSERT_TRUE(window) << text;
    EXPECT_EQ(FormatMaintenanceWindow(*window), text);
  }
  EXPECT_TRUE(ParseMaintenanceWindow("SUN:05:00-Sun:06:00"));
}

TEST(MaintenanceWindow, RefusesWhatIsNone) {
  for (const char* text :
       {"", "sun:05:00", "sun:05:00-sun:05:59", "sun:05:00-sun:05:00", "sun:05:00-mon:05:01", "son:05:00-sun:06:00",
        "sun:5:00-sun:06:00", "sun:24:00-mon:01:00", "sun:05:60-sun:07:00", "sun:05:00-sun:06:00-", "05:00-06:00"}) {
    EXPECT_FALSE(ParseMaintenanceWindow(text)) << text;
  }
}

TEST(SnapshotWindow, Rules) {
  EXPECT_EQ(ParseSnapshotWindow("23:30-00:30"), (Window{23 * 60 + 30, 60}));
  for (const char* text : {"", "05:00-05:59", "05:00-05:00", "5:00-07:00", "05:00-24:00"}) {
    EXPECT_FALSE(ParseSnapshotWindow(text)) << text;
  }
}

TEST(Windows, OverlapOverMidnightAndTheEndOfTheWeek) {
  const auto overlap = [](const char* weekly, const char* daily) {
    return Overlap(*ParseMaintenanceWindow(weekly), *ParseSnapshotWindow(daily));
  };
  EXPECT_TRUE(overlap("sun:05:00-sun:06:00", "05:30-06:30"));
  EXPECT_FALSE(overlap("sun:05:00-sun:06:00", "06:00-07:00"));
  EXPECT_TRUE(overlap("sat:23:30-sun:00:30", "00:00-01:00"));
  EXPECT_TRUE(overlap("wed:00:00-wed:01:00", "23:30-00:30"));
  EXPECT_FALSE(overlap("wed:02:00-wed:03:00", "23:30-00:30"));
}

TEST(ClusterStatus, MovesOnlyAlongTheDiagram) {
  EXPECT_TRUE(MayBecome(ClusterStatus::kCreating, ClusterStatus::kAvailable));
  EXPECT_TRUE(MayBecome(ClusterStatus::kImpaired, ClusterStatus::kDeleting));
  EXPECT_FALSE(MayBecome(ClusterStatus::kDeleting, ClusterStatus::kAvailable));
  EXPECT_FALSE(MayBecome(ClusterStatus::kAvailable, ClusterStatus::kCreating));
}

// A shard in the middle of everything.
Shard Busy() {
  return {.cluster = ClusterUid("c1"),
          .ordinal = 1,
          .epoch = {7},
          .attached = {4},
          .detached = {6},
          .handover = Incarnation("i1"),
          .held = true,
          .former = NodeName("orders-001"),
          .proven = false,
          .failovers = 3,
          .last_failover = WallTime(std::chrono::seconds(9))};
}

TEST(Reign, BeginsDetachedAndWithoutAHandover) {
  Shard expected = Busy();
  expected.epoch = expected.detached = Epoch{8};
  EXPECT_EQ(Detach(Busy(), {8}), expected);
  expected.handover = {};
  expected.held = false;
  expected.former = NodeName("orders-002");
  expected.proven = true;
  EXPECT_EQ(BeginReign(Busy(), {8}, NodeName("orders-002"), true), expected);
  EXPECT_FALSE(IsAttached(expected));
}

TEST(Reign, OnceSeenOpenNothingOfWhatLedToItIsLeft) {
  const Shard open = SeenOpen(Busy(), {7});
  Shard expected = Busy();
  expected.attached = {7};
  expected.handover = {};
  expected.held = false;
  expected.former = {};
  expected.proven = true;
  EXPECT_EQ(open, expected);
  EXPECT_TRUE(IsAttached(open));
}

TEST(ClusterOfNode, IsTheNameBeforeANodesNumber) {
  EXPECT_EQ(ClusterOfNode("orders-001"), "orders");
  EXPECT_EQ(ClusterOfNode("orders-002-013"), "orders-002");
  EXPECT_EQ(ClusterOfNode(NodeNameOf("a-b", 7).str()), "a-b");
  for (const char* none : {"orders", "orders-1", "orders-0001", "orders-00a", "", "-001", "001"}) {
    EXPECT_EQ(ClusterOfNode(none), "") << none;
  }
}

TEST(ClusterForm, IsFoundByItsName) {
  for (const ClusterForm form : {ClusterForm::kReplicationGroup, ClusterForm::kCacheCluster}) {
    EXPECT_EQ(ClusterFormNamed(ClusterFormName(form)), form);
  }
  EXPECT_EQ(ClusterFormNamed("Cache-Cluster"), std::nullopt);
}

}  // namespace
}  // namespace cacheplane::model
