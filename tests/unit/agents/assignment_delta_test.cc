#include "controlplane/agents/assignment_delta.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/agents/fakes.h"

namespace cacheplane::agents {
namespace {

using test::AssignmentOf;
using Assignments = std::vector<model::Assignment>;

std::shared_ptr<const AssignmentTarget> Target(std::uint64_t revision, Assignments assignments) {
  return std::make_shared<const AssignmentTarget>(
      AssignmentTarget{revision, SortedByIncarnation(std::move(assignments))});
}

// An agent as the contract describes it: a delta that does not start at its revision is refused.
struct SimulatedAgent {
  std::uint64_t revision = 0;
  std::map<model::Incarnation, model::Assignment> assignments;
  bool needs_whole_set = false;

  void Take(const AssignmentSet& set) {
    needs_whole_set = set.base_revision != 0 && set.base_revision != revision;
    if (needs_whole_set) return;
    if (set.base_revision == 0) assignments.clear();
    for (const auto& incarnation : set.removed) assignments.erase(incarnation);
    for (const auto& assignment : set.assignments) assignments.insert_or_assign(assignment.incarnation, assignment);
    revision = set.revision;
  }
  Assignments All() const {
    Assignments all;
    for (const auto& [incarnation, assignment] : assignments) all.push_back(assignment);
    return all;
  }
};

TEST(Delta, Table) {
  const Assignments none;
  const Assignments ab = {AssignmentOf("a"), AssignmentOf("b")};
  EXPECT_TRUE(Delta(none, none).empty());
  EXPECT_TRUE(Delta(ab, ab).empty());
  EXPECT_EQ(Delta(none, ab), (AssignmentDelta{ab, {}}));
  EXPECT_EQ(Delta(ab, none), (AssignmentDelta{{}, {model::Incarnation("inc-a"), model::Incarnation("inc-b")}}));
  EXPECT_EQ(Delta(ab, {AssignmentOf("a"), AssignmentOf("b", 2)}), (AssignmentDelta{{AssignmentOf("b", 2)}, {}}));
  EXPECT_EQ(Delta(ab, {AssignmentOf("b"), AssignmentOf("c")}),
            (AssignmentDelta{{AssignmentOf("c")}, {model::Incarnation("inc-a")}}));
  EXPECT_EQ(Delta(ab, {AssignmentOf("aa"), AssignmentOf("b")}),
            (AssignmentDelta{{AssignmentOf("aa")}, {model::Incarnation("inc-a")}}));
}

TEST(AssignmentStream, SaysNothingBeforeAnythingIsDecided) {
  AssignmentStream stream;
  stream.Heard(17, false);
  EXPECT_FALSE(stream.Next());
}

TEST(AssignmentStream, FirstAWholeSetThenChanges) {
  AssignmentStream stream;
  stream.SetTarget(Target(5, {AssignmentOf("a"), AssignmentOf("b")}));
  const auto whole = stream.Next();
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->base_revision, 0U);
  EXPECT_EQ(whole->revision, 5U);
  EXPECT_EQ(whole->assignments.size(), 2U);
  EXPECT_FALSE(stream.Next());

  stream.SetTarget(Target(8, {AssignmentOf("b", 2)}));
  EXPECT_EQ(stream.Next(), (AssignmentSet{8, 5, {AssignmentOf("b", 2)}, {model::Incarnation("inc-a")}}));
  EXPECT_FALSE(stream.Next());
}

TEST(AssignmentStream, AnEmptySetIsASetToo) {
  AssignmentStream stream;
  stream.SetTarget(Target(5, {}));
  EXPECT_EQ(stream.Next(), (AssignmentSet{5, 0, {}, {}}));
}

TEST(AssignmentStream, OnlyTheNewestTargetIsSent) {
  AssignmentStream stream;
  stream.SetTarget(Target(1, {AssignmentOf("a", 1)}));
  stream.Next();
  for (std::uint64_t i = 2; i <= 100; ++i) stream.SetTarget(Target(i, {AssignmentOf("a", i)}));
  stream.SetTarget(Target(50, {AssignmentOf("a", 50)}));  // late: dropped
  EXPECT_EQ(stream.Next(), (AssignmentSet{100, 1, {AssignmentOf("a", 100)}, {}}));
}

TEST(AssignmentStream, ChangedAndChangedBackIsNothing) {
  AssignmentStream stream;
  stream.SetTarget(Target(1, {AssignmentOf("a", 1)}));
  stream.Next();
  stream.SetTarget(Target(2, {AssignmentOf("a", 2)}));
  stream.SetTarget(Target(3, {AssignmentOf("a", 1)}));
  EXPECT_FALSE(stream.Next());
  stream.SetTarget(Target(4, {AssignmentOf("a", 4)}));
  EXPECT_EQ(stream.Next()->base_revision, 1U);
}

TEST(AssignmentStream, SendsTheWholeSetWhenAsked) {
  AssignmentStream stream;
  stream.SetTarget(Target(1, {AssignmentOf("a")}));
  stream.Next();
  stream.Heard(1, true);
  EXPECT_EQ(stream.Next(), (AssignmentSet{1, 0, {AssignmentOf("a")}, {}}));
}

TEST(AssignmentStream, SendsTheWholeSetToAnAgentThatWentAstray) {
  AssignmentStream stream;
  stream.SetTarget(Target(5, {AssignmentOf("a")}));
  stream.Next();
  stream.Heard(3, false);  // from before this session
  EXPECT_FALSE(stream.Next());
  stream.Heard(5, false);
  EXPECT_FALSE(stream.Next());
  stream.Heard(0, false);  // it has lost what it had confirmed
  EXPECT_EQ(stream.Next()->base_revision, 0U);
  stream.Heard(5, false);
  stream.Heard(9, false);  // never sent
  EXPECT_EQ(stream.Next()->base_revision, 0U);
}

TEST(AssignmentStream, RepeatsItselfToAnAgentThatNeverConfirms) {
  AssignmentStream stream;
  stream.SetTarget(Target(5, {AssignmentOf("a")}));
  stream.Next();
  int repeats = 0;
  for (int i = 0; i < 100; ++i) {
    stream.Heard(0, false);
    if (const auto set = stream.Next()) {
      EXPECT_EQ(*set, (AssignmentSet{5, 0, {AssignmentOf("a")}, {}}));
      ++repeats;
    }
  }
  EXPECT_EQ(repeats, 5);
}

TEST(AssignmentStream, ADeltaOnItsWayIsNoReasonToStartOver) {
  AssignmentStream stream;
  stream.SetTarget(Target(1, {AssignmentOf("a", 1)}));
  stream.Next();
  stream.Heard(1, false);
  stream.SetTarget(Target(2, {AssignmentOf("a", 2)}));
  stream.Next();
  stream.Heard(1, false);  // sent before the delta arrived
  EXPECT_FALSE(stream.Next());
}

// Whatever happens on the way (sessions that break, sets that coalesce, agents that forget), an agent that has nothing
// more to read holds the newest whole set.
TEST(AssignmentStream, RandomSequencesEndInTheWholeSet) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
    SimulatedAgent agent;
    AssignmentStream stream;
    std::shared_ptr<const AssignmentTarget> newest;
    std::uint64_t revision = 1000;
    for (int step = 0; step < 60; ++step) {
      if (chance(50)) {
        Assignments wanted;
        for (int i = 0; i < 6; ++i) {
          if (chance(60)) wanted.push_back(AssignmentOf("n" + std::to_string(i), random() % 3));
        }
        newest = Target(++revision, wanted);
        stream.SetTarget(newest);
      }
      if (chance(60)) {
        if (const auto set = stream.Next()) agent.Take(*set);
      }
      if (chance(5)) agent = {};
      if (chance(5)) {
        stream = {};
        if (newest) stream.SetTarget(newest);
      }
      if (chance(50)) stream.Heard(agent.revision, agent.needs_whole_set);
    }
    if (!newest) continue;
    for (int i = 0; i < 25; ++i) {
      stream.Heard(agent.revision, agent.needs_whole_set);
      if (const auto set = stream.Next()) agent.Take(*set);
    }
    EXPECT_TRUE(agent.All() == newest->assignments);
  }
}

}  // namespace
}  // namespace cacheplane::agents
