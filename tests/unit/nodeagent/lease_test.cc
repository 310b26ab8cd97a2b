// Leases and promises as values.
#include "nodeagent/decide/lease.h"

#include <gtest/gtest.h>

#include "nodeagent/decide/promise_message.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

const BootTime kStart(milliseconds(5'000'000));
const BootTime kNever{};
const LeasedNode kNode{"i-1", 7};

BootTime After(int millis) { return kStart + milliseconds(millis); }

LeaseGrant Grant(std::uint64_t sequence, const LeasedNode& node = kNode) {
  return {.sequence = sequence, .nodes = {node}, .duration = milliseconds(1000)};
}

TEST(LeaseLedger, EndCountsFromTheRequestHoweverLateTheAnswer) {
  LeaseLedger ledger;
  const auto first = ledger.Ask(After(0));
  const auto second = ledger.Ask(After(250));
  ledger.Take(Grant(first));
  EXPECT_EQ(ledger.EndOf(kNode), After(1000));
  ledger.Take(Grant(second));
  EXPECT_EQ(ledger.EndOf(kNode), After(1250));
  EXPECT_EQ(ledger.LastGranted(), After(250));
  ledger.Take(Grant(first));  // once more, and late
  EXPECT_EQ(ledger.EndOf(kNode), After(1250)) << "an older answer shortens nothing";
}

TEST(LeaseLedger, AnswerToAnUnknownRequestIsNone) {
  LeaseLedger ledger;
  ledger.Take(Grant(1));
  EXPECT_EQ(ledger.EndOf(kNode), kNever);
  const auto first = ledger.Ask(After(0));
  for (int i = 1; i <= 8; ++i) ledger.Ask(After(250 * i));
  ledger.Take(Grant(first));
  EXPECT_EQ(ledger.EndOf(kNode), kNever) << "its time is long over";
}

TEST(LeaseLedger, LeaseOfAnotherEpochMeansNothing) {
  LeaseLedger ledger;
  ledger.Take(Grant(ledger.Ask(After(0))));
  EXPECT_EQ(ledger.EndOf({"i-1", 8}), kNever);
  ledger.Take(Grant(ledger.Ask(After(100)), {"i-1", 8}));
  EXPECT_EQ(ledger.EndOf(kNode), kNever) << "the epoch has moved on";
  EXPECT_EQ(ledger.EndOf({"i-1", 8}), After(1100));
  ledger.Take(Grant(ledger.Ask(After(200))));
  EXPECT_EQ(ledger.EndOf({"i-1", 8}), After(1100)) << "and does not come back";
}

TEST(LeaseLedger, PromisesOfAllPeersMakeALease) {
  LeaseLedger ledger;
  const auto round = ledger.AskPeers(kNode, {"i-2", "i-3"}, After(0));
  EXPECT_FALSE(ledger.Promised(round, "i-2"));
  EXPECT_FALSE(ledger.Promised(round, "i-2")) << "twice the same is one";
  EXPECT_EQ(ledger.EndOf(kNode), kNever);
  EXPECT_TRUE(ledger.Promised(round, "i-3"));
  EXPECT_EQ(ledger.EndOf(kNode), After(1000));
  EXPECT_FALSE(ledger.Promised(round, "i-3"));
}

TEST(LeaseLedger, PromisesOfAnEarlierRoundAreForgotten) {
  LeaseLedger ledger;
  const auto early = ledger.AskPeers(kNode, {"i-2", "i-3"}, After(0));
  EXPECT_FALSE(ledger.Promised(early, "i-2"));
  const auto late = ledger.AskPeers(kNode, {"i-2", "i-3"}, After(250));
  EXPECT_FALSE(ledger.Promised(early, "i-3"));
  EXPECT_FALSE(ledger.Promised(late, "i-3"));
  EXPECT_EQ(ledger.EndOf(kNode), kNever);
  EXPECT_TRUE(ledger.Promised(late, "i-2"));
  EXPECT_EQ(ledger.EndOf(kNode), After(1250));
}

TEST(LeaseLedger, NobodyPromisesForAStranger) {
  LeaseLedger ledger;
  const auto round = ledger.AskPeers(kNode, {"i-2"}, After(0));
  EXPECT_FALSE(ledger.Promised(round, "i-9"));
  EXPECT_FALSE(ledger.Promised(round + 1, "i-2"));
  ledger.Forget("i-1");
  EXPECT_FALSE(ledger.Promised(round, "i-2"));
  EXPECT_EQ(ledger.EndOf(kNode), kNever);
}

TEST(PromiseLedger, WhoJustStartedOpensNothingForAsLongAsAForgottenPromiseBinds) {
  const PromiseLedger ledger(kStart);
  EXPECT_EQ(ledger.ShutUntil("i-2"), kStart + kPromiseDuration + kPromiseMargin);
  EXPECT_FALSE(ledger.Binds("i-2", After(1))) << "but it has not heard of a primary";
}

TEST(PromiseLedger, PromiseBindsLongerThanItIsGoodFor) {
  PromiseLedger ledger(kStart);
  EXPECT_TRUE(ledger.Promise("i-2", 7, 7, After(5000)));
  EXPECT_EQ(ledger.ShutUntil("i-2"), After(5000) + kPromiseDuration + kPromiseMargin);
  EXPECT_GT(ledger.ShutUntil("i-2"), After(5000) + kPromiseDuration);
  EXPECT_TRUE(ledger.Binds("i-2", After(5500)));
  EXPECT_FALSE(ledger.Binds("i-2", After(6100)));
  EXPECT_EQ(ledger.ShutUntil("i-3"), kStart + kPromiseDuration + kPromiseMargin) << "others are their own";
}

TEST(PromiseLedger, NothingIsPromisedToADeposedPrimary) {
  PromiseLedger ledger(kStart);
  EXPECT_FALSE(ledger.Promise("i-2", 8, 7, After(5000)));
  EXPECT_FALSE(ledger.Binds("i-2", After(5001)));
  EXPECT_TRUE(ledger.Promise("i-2", 6, 7, After(5000))) << "the asker knows more than we do";
}

TEST(PromisingEpoch, IsThatOfANodeThatIsNotOpenedByItsOwnAgent) {
  Assignment assignment;
  assignment.epoch = 3;
  assignment.role = Role::kReplica;
  EXPECT_EQ(PromisingEpoch(assignment), 3);
  assignment.role = Role::kPrimary;
  EXPECT_EQ(PromisingEpoch(assignment), std::nullopt);
  assignment.await_handover = true;
  EXPECT_EQ(PromisingEpoch(assignment), 3) << "who hands over to it takes writes until then";
}

TEST(PromiseMessage, IsReadBackAsWritten) {
  for (const PromiseWord word : {PromiseWord::kAsk, PromiseWord::kAskLapsed, PromiseWord::kPromised}) {
    const PromiseMessage message{.word = word, .round = 17, .asker = kNode, .asked = "node-2"};
    const auto parsed = ParsePromiseMessage(Encode(message));
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(*parsed, message);
  }
}

TEST(PromiseMessage, AnythingElseIsRefused) {
  for (const char* text : {"", "ask", "cacheplane-promise 1 ask 17 i-1 7", "cacheplane-promise 2 ask 17 i-1 7 i-2",
                           "cacheplane-promise 1 deny 17 i-1 7 i-2", "cacheplane-promise 1 ask 0 i-1 7 i-2",
                           "cacheplane-promise 1 ask x i-1 7 i-2", "cacheplane-promise 1 ask 17 i-1 0 i-2",
                           "cacheplane-promise 1 ask 17 i-1 -7 i-2", "cacheplane-promise 1 ask 17 ../x 7 i-2",
                           "cacheplane-promise 1 ask 17 i-1 7 i-2 more", "cacheplane-promise 1 ask 17 i-1 7 ",
                           "cacheplane-promise 1 ask 99999999999999999999 i-1 7 i-2"}) {
    EXPECT_FALSE(ParsePromiseMessage(text).ok()) << text;
  }
}

TEST(DecideGuard, ALongerLeaseIsTakenAndNoOther) {
  const BootTime now{std::chrono::seconds(100)};
  const BootTime later = now + std::chrono::seconds(1);
  const FencedPrimary leased{.may_be_open = true, .lease_end = later};
  EXPECT_EQ(DecideGuard(leased, now), later);
  FencedPrimary primary = leased;
  primary.guarded = true;
  primary.guarded_until = later;
  EXPECT_EQ(DecideGuard(primary, now), std::nullopt) << "that is in force";
  primary.guarded_until = now;
  EXPECT_EQ(DecideGuard(primary, now), later);
  primary.lease_end = now;
  EXPECT_EQ(DecideGuard(primary, now), std::nullopt) << "it is over";
  primary = leased;
  primary.may_be_open = false;
  EXPECT_EQ(DecideGuard(primary, now), std::nullopt) << "nothing to guard";
  primary.guarded = true;
  EXPECT_EQ(DecideGuard(primary, now), later) << "about to be opened";
}

TEST(DecideGuard, WhatIsShutAndUnprovenHasNoLeaseThatCounts) {
  const BootTime now{std::chrono::seconds(100)};
  const BootTime later = now + std::chrono::seconds(1);
  FencedPrimary primary{.may_be_open = true, .unproven = true, .shut_until = later, .lease_end = later};
  EXPECT_EQ(DecideGuard(primary, now), std::nullopt);
  primary.unproven = false;
  EXPECT_EQ(DecideGuard(primary, now), later);
  primary.unproven = true;
  primary.shut_until = now;
  EXPECT_EQ(DecideGuard(primary, now), later);
}

}  // namespace
}  // namespace cacheplane::agent
