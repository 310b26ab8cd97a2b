#include "nodeagent/network/switch_notice.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>

#include "common/file.h"
#include "common/random_id.h"

namespace cacheplane::network {
namespace {

using std::chrono::milliseconds;

const ArmedSwitch kOpened{{"127.20.1.2", 6379}, 17};

TEST(SwitchNotice, RoundTrip) {
  const SwitchNotice notice{SwitchWord::kServed, kOpened, "10.0.0.7:40001"};
  EXPECT_EQ(Encode(notice), "cacheplane-switch 1 served 17 127.20.1.2:6379 10.0.0.7:40001");
  EXPECT_EQ(*ParseSwitchNotice(Encode(notice)), notice);
}

TEST(SwitchNotice, RefusesWhatIsNoneOfThisVersion) {
  for (const char* text :
       {"", "cacheplane-switch 1 opened 17 127.20.1.2:6379", "cacheplane-switch 2 opened 17 127.20.1.2:1 1.1.1.1:1",
        "cacheplane-switch 1 closed 17 127.20.1.2:1 1.1.1.1:1", "cacheplane-switch 1 opened 0 127.20.1.2:1 1.1.1.1:1",
        "cacheplane-switch 1 opened 17 here:1 1.1.1.1:1", "cacheplane-switch 1 opened 17 127.20.1.2 1.1.1.1:1",
        "cacheplane-switch 1 opened 17 127.20.1.2:1 there"}) {
    EXPECT_FALSE(ParseSwitchNotice(text).ok()) << text;
  }
}

class Notices : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(directory_);
    ASSERT_TRUE(ReplaceFile(token_, "secret\n").ok());
    ASSERT_TRUE(ReplaceFile(other_token_, "guess\n").ok());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<SwitchListener> Listen(SwitchListener::Handler handler) {
    auto listener = SwitchListener::Open(token_, std::move(handler));
    EXPECT_TRUE(listener.ok());
    return std::move(*listener);
  }
  static std::string AddressOf(const SwitchListener& listener) { return fmt::format("127.0.0.1:{}", listener.port()); }

  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("switch-notice-" + RandomHex(6));
  const std::filesystem::path token_ = directory_ / "token";
  const std::filesystem::path other_token_ = directory_ / "other-token";
};

TEST_F(Notices, AreRepeatedUntilAllServe) {
  std::atomic<int> first = 0;
  std::atomic<int> second = 0;
  const auto one = Listen([&](const ArmedSwitch& opened) { return opened == kOpened && ++first == 3; });
  const auto two = Listen([&](const ArmedSwitch& opened) { return opened == kOpened && ++second > 0; });
  // Far longer than it takes: it is not waited for.
  TellRouters({AddressOf(*one), AddressOf(*two)}, kOpened, token_, milliseconds(20'000));
  EXPECT_EQ(first, 3);
  EXPECT_GE(second, 1);
}

TEST_F(Notices, OneThatDoesNotAnswerIsWaitedForNoLonger) {
  std::atomic<int> heard = 0;
  const auto one = Listen([&](const ArmedSwitch&) { return ++heard < 0; });
  TellRouters({AddressOf(*one)}, kOpened, token_, milliseconds(30));
  EXPECT_GE(heard, 1);
}

TEST_F(Notices, WithoutTheTokenNobodyIsBelieved) {
  std::atomic<int> heard = 0;
  const auto one = Listen([&](const ArmedSwitch&) { return ++heard > 0; });
  TellRouters({AddressOf(*one)}, kOpened, other_token_, milliseconds(30));
  TellRouters({AddressOf(*one)}, kOpened, directory_ / "none", milliseconds(30));
  // In order behind those: once it was heard, they were.
  TellRouters({AddressOf(*one)}, kOpened, token_, milliseconds(20'000));
  EXPECT_EQ(heard, 1);
}

}  // namespace
}  // namespace cacheplane::network
