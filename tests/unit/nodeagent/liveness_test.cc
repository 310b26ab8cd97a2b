// Busy or hung: what a process did while it did not answer, in looks, and the verdict.
#include "nodeagent/decide/liveness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace cacheplane::agent {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// A process under looks every 50 ms; `activity` tells what it does in the time up to one.
struct Course {
  std::function<ProcessLook(milliseconds)> at;
  bool loading = false;
  bool saving = false;
};

Silence After(const Course& course, milliseconds time) {
  SilenceMeter meter;
  for (milliseconds now(50); now <= time; now += milliseconds(50)) meter.Add(milliseconds(50), course.at(now));
  Silence silence = meter.silence();
  silence.loading = course.loading;
  silence.saving = course.saving;
  return silence;
}

// When the verdict is first "hung"; nullopt: not within 100 s.
std::optional<milliseconds> HungAt(const Course& course) {
  for (milliseconds time(50); time <= milliseconds(100'000); time += milliseconds(50)) {
    if (Judge(After(course, time)) == Liveness::kHung) return time;
  }
  return std::nullopt;
}

ProcessLook Sleeping(milliseconds) { return {.state = 'S', .cpu = microseconds(1000)}; }
ProcessLook Blocked(milliseconds) { return {.state = 'D', .cpu = microseconds(1000)}; }
ProcessLook Computing(milliseconds now) { return {.state = 'R', .cpu = now}; }

TEST(Liveness, ProcessThatDoesNothingIsHungAfterASecond) {
  const auto hung = HungAt({.at = Sleeping});
  ASSERT_TRUE(hung);
  EXPECT_GE(*hung, kHungAfter);
  EXPECT_LE(*hung, kHungAfter + milliseconds(100));
}

TEST(Liveness, StoppedProcessDoesNothing) {
  EXPECT_TRUE(HungAt({.at = [](milliseconds) { return ProcessLook{.state = 'T'}; }}) <= milliseconds(1100));
}

TEST(Liveness, WaitingForADiskIsGivenLonger) {
  const auto hung = HungAt({.at = Blocked});
  ASSERT_TRUE(hung);
  EXPECT_GE(*hung, kBlockedHungAfter);
  EXPECT_LE(*hung, kBlockedHungAfter + milliseconds(100));
}

TEST(Liveness, OneLookAtAWaitForADiskIsEnough) {
  const auto at = [](milliseconds now) { return ProcessLook{.state = now == milliseconds(500) ? 'D' : 'S'}; };
  EXPECT_GE(HungAt({.at = at}).value(), kBlockedHungAfter);
}

// A script, KEYS, a huge DEL, the fork of a save: all of them use the CPU.
TEST(Liveness, ComputingIsBusyForAMinute) {
  EXPECT_EQ(HungAt({.at = Computing}).value(), kBusyHungAfter);
  const Silence silence = After({.at = Computing}, milliseconds(12'000));
  EXPECT_EQ(Judge(silence), Liveness::kBusy);
  EXPECT_EQ(Describe(Judge(silence), silence), "busy: no answer for over 10 s");
}

// Memory that is read back from a slow disk leaves hardly any CPU time, but some.
TEST(Liveness, ALittleWorkIsWork) {
  const auto at = [](milliseconds now) { return ProcessLook{.state = 'D', .cpu = now / 50}; };
  EXPECT_EQ(HungAt({.at = at}).value(), kBusyHungAfter);
}

TEST(Liveness, ATimersWakeUpsAreNoWork) {
  const auto at = [](milliseconds now) { return ProcessLook{.state = 'S', .cpu = microseconds(now.count() * 2)}; };
  EXPECT_LE(HungAt({.at = at}).value(), milliseconds(1200));
}

// As of a control group whose quota is used up.
TEST(Liveness, WaitingForACpuIsNoHang) {
  EXPECT_EQ(HungAt({.at = [](milliseconds) { return ProcessLook{.state = 'R'}; }}).value(), kBusyHungAfter);
}

TEST(Liveness, HangAfterWorkCountsFromTheEndOfTheWork) {
  const auto at = [](milliseconds now) { return ProcessLook{.state = 'S', .cpu = std::min(now, milliseconds(3000))}; };
  const auto hung = HungAt({.at = at});
  ASSERT_TRUE(hung);
  EXPECT_GE(*hung, milliseconds(3000) + kHungAfter);
  EXPECT_LE(*hung, milliseconds(3100) + kHungAfter);
}

TEST(Liveness, LoadingAndSavingAreSpared) {
  EXPECT_EQ(HungAt({.at = Sleeping, .loading = true}).value(), kBusyHungAfter);
  EXPECT_FALSE(HungAt({.at = Sleeping, .saving = true}));
}

TEST(Liveness, NobodyIsToldOfAShortSilence) {
  EXPECT_EQ(Judge({}), Liveness::kWell);
  EXPECT_EQ(Describe(Liveness::kWell, {}), "");
  EXPECT_EQ(Judge(After({.at = Computing}, milliseconds(950))), Liveness::kWell);
}

// An agent that was stopped itself finds an old question, and knows nothing of the engine meanwhile.
TEST(Liveness, TheAgentsOwnAbsenceIsNoSilence) {
  SilenceMeter meter;
  meter.Add(milliseconds(60), Sleeping({}));
  meter.Add(milliseconds(90'000), Sleeping({}));
  EXPECT_LE(meter.silence().unanswered, milliseconds(160));
  EXPECT_EQ(Judge(meter.silence()), Liveness::kWell);
}

TEST(Liveness, AnAnswerEndsTheSilence) {
  SilenceMeter meter;
  for (int i = 0; i < 100; ++i) meter.Add(milliseconds(50), Sleeping({}));
  EXPECT_EQ(Judge(meter.silence()), Liveness::kHung);
  meter.Clear();
  EXPECT_FALSE(meter.Silent());
  EXPECT_EQ(Judge(meter.silence()), Liveness::kWell);
}

}  // namespace
}  // namespace cacheplane::agent
