// Crash enumeration: each way in which a cluster changes is carried out once undisturbed, and then again
// with the control plane killed before and after each of its commits, and with an agent killed at each of its effects.
// Every time it must end as it does undisturbed: who is primary may differ, nothing else.
#include <gtest/gtest.h>

#include "tests/sim/story.h"

namespace cacheplane::sim {
namespace {

class CrashEnumeration : public testing::TestWithParam<Change> {
 protected:
  static void Check(const Disturbance& disturbance, const Outcome& undisturbed) {
    const Outcome outcome = Story(GetParam()).Tell(disturbance);
    const std::string where = std::string(kChangeNames[static_cast<int>(GetParam())]) + ", before commit " +
                              std::to_string(disturbance.before_commit) + ", after commit " +
                              std::to_string(disturbance.after_commit) + ", at effect " +
                              std::to_string(disturbance.effect);
    EXPECT_EQ(outcome.wrong, "") << where;
    EXPECT_NE(outcome.operation, model::OperationStatus::kRunning) << where;
    const bool control_plane = disturbance.effect == 0;
    const bool loses_nothing =
        GetParam() == Change::kSwitchover || GetParam() == Change::kRepair || GetParam() >= Change::kUpgrade;
    EXPECT_TRUE(!loses_nothing || outcome.lost == 0) << where << " lost " << outcome.lost << " writes";
    // An agent that dies may keep a handover from succeeding, or cost the process that it would have looked after; a
    // control plane that dies changes nothing of the end.
    if (!control_plane) return;
    EXPECT_EQ(outcome.operation, undisturbed.operation) << where;
    EXPECT_EQ(outcome.primary_changed, undisturbed.primary_changed) << where;
  }
};

TEST_P(CrashEnumeration, EndsAsItDoesUndisturbed) {
  const Outcome undisturbed = Story(GetParam()).Tell({});
  ASSERT_EQ(undisturbed.wrong, "");
  const bool stays =
      GetParam() == Change::kRepair || (GetParam() >= Change::kBadUpgrade && GetParam() != Change::kQueue);
  EXPECT_EQ(undisturbed.primary_changed, !stays);
  const bool goes_back = GetParam() == Change::kBadUpgrade || GetParam() == Change::kCancel;
  EXPECT_EQ(undisturbed.operation, goes_back ? model::OperationStatus::kFailed : model::OperationStatus::kSucceeded);
  EXPECT_EQ(undisturbed.waited, GetParam() == Change::kQueue);
  ASSERT_GT(undisturbed.commits, 1U);
  ASSERT_GT(undisturbed.effects, 0U);
  for (std::uint64_t n = 1; n <= undisturbed.commits; ++n) {
    Check({.before_commit = n}, undisturbed);
    Check({.after_commit = n}, undisturbed);
  }
  for (std::uint64_t n = 1; n <= undisturbed.effects; ++n) Check({.effect = n}, undisturbed);
  RecordProperty("runs", static_cast<int>(2 * undisturbed.commits + undisturbed.effects));
}

// Whichever moment it is, a cluster is as before or as asked for, with everything in it.
TEST(CancelledUpgrade, EndsRightWheneverItIsCancelled) {
  const Outcome upgraded = Story(Change::kUpgrade).Tell({});
  int cancelled = 0;
  int refused = 0;
  for (std::uint64_t n = 1; n <= upgraded.commits; ++n) {
    const Outcome outcome = Story(Change::kCancel).Tell({.cancelled_after = n});
    EXPECT_EQ(outcome.wrong, "") << "cancelled after commit " << n;
    EXPECT_EQ(outcome.lost, 0U) << "cancelled after commit " << n;
    EXPECT_NE(outcome.operation, model::OperationStatus::kRunning) << "cancelled after commit " << n;
    EXPECT_TRUE(!outcome.cancel_refused || outcome.operation == model::OperationStatus::kSucceeded);
    cancelled += outcome.operation == model::OperationStatus::kFailed ? 1 : 0;
    refused += outcome.cancel_refused ? 1 : 0;
  }
  EXPECT_GT(cancelled, 3);
  EXPECT_GT(refused, 0) << "there is a point of no return";
}

std::string NameOf(const testing::TestParamInfo<Change>& change) {
  std::string name = kChangeNames[static_cast<int>(change.param)];
  std::erase(name, ' ');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Changes, CrashEnumeration,
                         testing::Values(Change::kFailover, Change::kSwitchover, Change::kTestFailover, Change::kRepair,
                                         Change::kRestore, Change::kUpgrade, Change::kTightUpgrade, Change::kReboot,
                                         Change::kDrain, Change::kRelocate, Change::kUpdate, Change::kBadUpgrade,
                                         Change::kCancel, Change::kGrow, Change::kShrink, Change::kStop,
                                         Change::kQueue),
                         NameOf);

}  // namespace
}  // namespace cacheplane::sim
