// What is worth a message, and how often an engine is asked.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "nodeagent/decide/facts.h"
#include "nodeagent/decide/probe_pace.h"

namespace cacheplane::agent {
namespace {

NodeFact FactOf(const std::string& incarnation) {
  NodeFact fact{.node = "orders-001", .incarnation = incarnation, .process = ProcessState::kRunning};
  fact.replicas = {{"127.23.0.20:6379", "online", 5}};
  return fact;
}

TEST(News, MetersAreNoneEverythingElseIs) {
  NodeFact now = FactOf("i-1");
  now.used_memory_bytes = 99;
  now.link_down_seconds = 99;
  now.replicas[0].acknowledged_offset = 99;
  EXPECT_FALSE(IsNews(FactOf("i-1"), now));
  for (bool* flag : {&now.frozen, &now.out_of_memory, &now.promised}) {
    *flag = true;
    EXPECT_TRUE(IsNews(FactOf("i-1"), now));
    *flag = false;
  }
  now.replicas[0].state = "send_bulk";
  EXPECT_TRUE(IsNews(FactOf("i-1"), now));
}

// Without it the first second of a cluster that is written to has no replica to fail over to.
TEST(News, TheFirstWriteIsNewsAndNoFurtherOne) {
  NodeFact empty = FactOf("i-1");
  empty.replication_offset = 1;
  NodeFact written = FactOf("i-1");
  written.replication_offset = 80;
  NodeFact more = FactOf("i-1");
  more.replication_offset = 99;
  EXPECT_FALSE(IsNews(FactOf("i-1"), empty));
  EXPECT_TRUE(IsNews(empty, written));
  EXPECT_FALSE(IsNews(written, more));
}

TEST(News, OnlyChangesAreSentBetweenWholes) {
  FactsDiff diff;
  Facts current{.revision = 1, .nodes = {FactOf("i-1"), FactOf("i-2")}};
  EXPECT_EQ(diff.Whole(current).nodes.size(), 2U);
  EXPECT_TRUE(IsEmpty(diff.ChangesIn(current)));
  current.nodes[1].process = ProcessState::kStopped;
  EXPECT_EQ(diff.ChangesIn(current).nodes, std::vector<NodeFact>{current.nodes[1]});
  EXPECT_TRUE(IsEmpty(diff.ChangesIn(current)));
  current.revision = 2;
  EXPECT_FALSE(IsEmpty(diff.ChangesIn(current)));
  current.needs_whole_set = true;
  EXPECT_TRUE(diff.ChangesIn(current).needs_whole_set);
  EXPECT_TRUE(IsEmpty(diff.ChangesIn(current)));
}

TEST(ProbePace, IsFastAfterAChangeAndSlowsDown) {
  using std::chrono::milliseconds;
  EXPECT_EQ(ProbeInterval(milliseconds(0), true, 1), milliseconds(5));
  EXPECT_EQ(ProbeInterval(milliseconds(4999), true, 1), milliseconds(10));
  EXPECT_EQ(ProbeInterval(milliseconds(5000), true, 0), milliseconds(250));
  EXPECT_EQ(ProbeInterval(milliseconds(60000), false, 0), milliseconds(50));
}

TEST(ProbePace, IsSlowerInACrowd) {
  using std::chrono::milliseconds;
  EXPECT_EQ(ProbeInterval(milliseconds(0), true, 30), milliseconds(30));
  EXPECT_EQ(ProbeInterval(milliseconds(600), true, 8), milliseconds(10));
  EXPECT_EQ(ProbeInterval(milliseconds(0), false, 300), milliseconds(50)) << "no slower than afterwards";
  EXPECT_EQ(ProbeInterval(milliseconds(5000), true, 300), milliseconds(250));
}

}  // namespace
}  // namespace cacheplane::agent
