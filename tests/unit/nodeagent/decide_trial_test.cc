// What an engine's end says of the values it was started with.
#include <gtest/gtest.h>

#include <csignal>

#include "nodeagent/decide/trial.h"

namespace cacheplane::agent {
namespace {

constexpr char kRefusal[] =
    "1234:C 28 Nov 2026 10:00:00.000 # oO0OoO0OoO0Oo Valkey is starting oO0OoO0OoO0Oo\n"
    "\n"
    "*** FATAL CONFIG FILE ERROR (Version 8.0.1) ***\n"
    "Reading the configuration file, at line 40\n"
    ">>> 'notify-keyspace-events \"q\"'\n"
    "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.\n";

TEST(JudgeEnd, TellsTheDirectiveAndTheReason) {
  EXPECT_EQ(JudgeEnd({.code = 1}, kRefusal),
            (Verdict{.refusal = "'notify-keyspace-events \"q\"': Invalid event class character. Use "
                                "'Ag$lshzxeKEtmdn'."}));
}

TEST(JudgeEnd, KeepsTheLastWordsAndNotItsDates) {
  const std::string log = "1:M 28 Nov 2026 10:00:00.000 * one\n1:M 28 Nov 2026 10:00:00.001 # two\nthree\nfour\n";
  EXPECT_EQ(JudgeEnd({.code = 1}, log).refusal, "two: three: four");
}

TEST(JudgeEnd, ACrashIsARefusal) {
  EXPECT_EQ(JudgeEnd({.signal = SIGSEGV}, "Out of memory\n"), (Verdict{.refusal = "signal 11: Out of memory"}));
  EXPECT_EQ(JudgeEnd({.code = 1}, ""), (Verdict{.refusal = "exit status 1: "}));
}

TEST(JudgeEnd, WhatIsNotTheEnginesOwnIsNone) {
  EXPECT_EQ(JudgeEnd({.code = 73}, "no data directory\n"),
            (Verdict{.problem = "the engine did not start: exit status 73: no data directory"}));
  EXPECT_EQ(JudgeEnd({.code = 127}, "cannot open shared object\n").refusal, "");
  EXPECT_EQ(JudgeEnd({.signal = SIGKILL}, "").refusal, "");
  EXPECT_EQ(JudgeEnd({.signal = SIGTERM}, "").refusal, "");
  EXPECT_FALSE(JudgeEnd({}, "").problem.empty()) << "nobody knows how it ended";
}

TEST(JudgeEnd, HandsOnNothingThatAMessageCannotCarry) {
  const std::string refusal = JudgeEnd({.code = 1},
                                       "a\x01"
                                       "b\xff"
                                       "c\n" +
                                           std::string(5000, 'x'))
                                  .refusal;
  EXPECT_EQ(refusal.find('\xff'), std::string::npos);
  EXPECT_TRUE(refusal.starts_with("a\\x01b?c: xxx")) << refusal;
  EXPECT_LE(refusal.size(), 600U);
}

}  // namespace
}  // namespace cacheplane::agent
