#include "controlplane/gateway/aws/replays.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace cacheplane::gateway::aws {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Replays::Key kKey{"AKIA1", "invocation-1", "hash"};
constexpr MonoTime kStart{std::chrono::hours(1)};

HttpResponse Body(const std::string& body, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.body = body;
  return response;
}

class ReplaysTest : public testing::Test {
 protected:
  bool Begin(const Replays::Key& key, MonoTime now = kStart) {
    return replays_.Begin(
        key, [this](const HttpResponse& response) { got_.push_back(response.body); }, now);
  }

  Replays replays_;
  std::vector<std::string> got_;
};

TEST_F(ReplaysTest, ARetryGetsTheFirstAnswer) {
  EXPECT_TRUE(Begin(kKey));
  replays_.Settle(kKey, Body("first"), kStart);
  EXPECT_FALSE(Begin(kKey, kStart + minutes(4)));
  EXPECT_FALSE(Begin(kKey, kStart + minutes(4)));
  EXPECT_EQ(got_, (std::vector<std::string>{"first", "first"}));
}

TEST_F(ReplaysTest, ARetryOfARunningCallWaits) {
  EXPECT_TRUE(Begin(kKey));
  EXPECT_FALSE(Begin(kKey));
  EXPECT_FALSE(Begin(kKey));
  EXPECT_TRUE(got_.empty());
  replays_.Settle(kKey, Body("first"), kStart);
  EXPECT_EQ(got_, (std::vector<std::string>{"first", "first"}));
}

TEST_F(ReplaysTest, JoiningBeginsNothing) {
  const auto join = [&] {
    return replays_.Join(
        kKey, [this](const HttpResponse& response) { got_.push_back(response.body); }, kStart);
  };
  EXPECT_FALSE(join());
  EXPECT_EQ(replays_.size(), 0U);
  EXPECT_TRUE(Begin(kKey));
  EXPECT_TRUE(join());
  replays_.Settle(kKey, Body("first"), kStart);
  EXPECT_TRUE(join());
  EXPECT_EQ(got_, (std::vector<std::string>{"first", "first"}));
}

TEST_F(ReplaysTest, OnlyTheSameCallIsARetry) {
  EXPECT_TRUE(Begin(kKey));
  EXPECT_TRUE(Begin({"AKIA2", kKey.invocation_id, kKey.body_hash}));
  EXPECT_TRUE(Begin({kKey.access_key, "invocation-2", kKey.body_hash}));
  EXPECT_TRUE(Begin({kKey.access_key, kKey.invocation_id, "other"}));
  EXPECT_TRUE(got_.empty());
}

TEST_F(ReplaysTest, AFailureOfOursIsTriedAgain) {
  EXPECT_TRUE(Begin(kKey));
  EXPECT_FALSE(Begin(kKey));
  replays_.Settle(kKey, Body("unavailable", 503), kStart);
  EXPECT_EQ(got_, std::vector<std::string>{"unavailable"});
  EXPECT_TRUE(Begin(kKey));
  replays_.Settle(kKey, Body("refused", 400), kStart);
  EXPECT_FALSE(Begin(kKey));
  EXPECT_EQ(got_.back(), "refused");
}

TEST_F(ReplaysTest, AnswersAreForgottenInTime) {
  EXPECT_TRUE(Begin(kKey));
  replays_.Settle(kKey, Body("first"), kStart + minutes(1));
  EXPECT_FALSE(Begin(kKey, kStart + minutes(6) - seconds(1)));
  EXPECT_TRUE(Begin(kKey, kStart + minutes(6)));
  EXPECT_EQ(replays_.size(), 1U);
}

TEST_F(ReplaysTest, ACallThatIsNeverSettledIsForgottenToo) {
  EXPECT_TRUE(Begin(kKey));
  EXPECT_TRUE(Begin(kKey, kStart + minutes(5)));
  replays_.Settle(kKey, Body("late"), kStart + minutes(5));
  replays_.Settle(kKey, Body("later"), kStart + minutes(5));
  EXPECT_FALSE(Begin(kKey, kStart + minutes(5)));
  EXPECT_EQ(got_, std::vector<std::string>{"late"});
}

TEST_F(ReplaysTest, MemoryIsBounded) {
  const std::string body(64 * 1024, 'x');
  for (int i = 0; i < 2000; ++i) {
    const Replays::Key key{"AKIA1", std::to_string(i), "hash"};
    EXPECT_TRUE(Begin(key, kStart + std::chrono::milliseconds(i)));
    replays_.Settle(key, Body(i < 1000 ? "" : body), kStart + std::chrono::milliseconds(i));
    EXPECT_LE(replays_.size(), Replays::kMaxCalls);
  }
  EXPECT_EQ(replays_.size(), Replays::kMaxBytes / body.size());
  EXPECT_FALSE(Begin({"AKIA1", "1999", "hash"}, kStart + seconds(3)));
  EXPECT_TRUE(Begin({"AKIA1", "0", "hash"}, kStart + seconds(3)));
}

TEST_F(ReplaysTest, OneOfManyThreadsCarriesItOut) {
  std::atomic<int> carried_out = 0;
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (!replays_.Begin(
              kKey, [&](const HttpResponse&) { ++answered; }, kStart))
        return;
      ++carried_out;
      replays_.Settle(kKey, Body("x"), kStart);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(carried_out, 1);
  EXPECT_EQ(answered, 7);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
