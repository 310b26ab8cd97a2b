// Keepers of leases that talk to one another over real datagrams, with a fence that only notes what is asked of it.
#include "nodeagent/lease/lease_keeper.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "tests/unit/nodeagent/builders.h"

namespace cacheplane::agent {
namespace {

using network::SocketAddress;
using std::chrono::milliseconds;

class NotingFence final : public network::Fence {
 public:
  std::string kind() const override { return "kernel"; }
  const std::set<SocketAddress>& guarded() const override { return guarded_; }
  bool kills() const override { return kills_; }
  Status Guard(const network::Leases& leases) override {
    if (fails_) return Unavailable("no guard runs");
    for (const auto& [address, lease] : leases) {
      guarded_.insert(address);
      left_[address] = std::max(lease.end - BootClock::now(), milliseconds(0));
      process_[address] = lease.process;
    }
    return {};
  }
  Status Unguard(const SocketAddress& address, bool reset) override {
    reset_ = guarded_.contains(address) && reset;
    guarded_.erase(address);
    return {};
  }

  std::set<SocketAddress> guarded_;
  std::map<SocketAddress, milliseconds> left_;
  std::map<SocketAddress, ProcessId> process_;
  bool reset_ = false;
  bool kills_ = false;
  bool fails_ = false;
};

// One agent's keeper, with at most one primary, and a control plane that answers or does not.
struct Host {
  Host(EventLoop& loop, const std::filesystem::path& token) : peers(loop, token) {
    EXPECT_TRUE(peers.Bind("127.0.0.1:0").ok());
    keeper = std::make_unique<LeaseKeeper>(
        loop, fence, peers,
        LeaseKeeper::Engines{.primaries = [this] { return primaries; },
                             .may_be_open = [this](const Address&) { return open; },
                             .process_at = [this](const Address&) { return process; },
                             .promising_epoch_of = [this](const std::string&) { return epoch; },
                             .promised = [this](const std::string& one) { told.push_back(one); }},
        LeaseKeeper::ControlPlane{.writable = [this] { return reachable; },
                                  .ask = [this](std::uint64_t sequence) { asked.push_back(sequence); }});
  }
  LeaseGrant GrantFor(const LeasedNode& node) const {
    return {.sequence = asked.empty() ? 0 : asked.back(), .nodes = {node}, .duration = milliseconds(1000)};
  }

  NotingFence fence;
  PromiseSocket peers;
  std::vector<OpenPrimary> primaries;
  bool open = false;
  std::optional<ProcessId> process = ProcessId{4711, 99};
  std::optional<std::uint64_t> epoch;
  bool reachable = true;
  std::vector<std::uint64_t> asked;
  std::vector<std::string> told;  // that they are promised
  std::unique_ptr<LeaseKeeper> keeper;
};

class LeaseKeeperTest : public testing::Test {
 protected:
  LeaseKeeperTest() {
    std::string name = (std::filesystem::temp_directory_path() / "lease-token-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    std::ofstream(directory_ / "token") << "join-me\n";
    std::ofstream(directory_ / "other-token") << "another\n";
    wish_.leased = true;
    wish_.peers = {{"i-2", "127.0.0.1:7"}};
    wish_.listen = {"127.0.0.9", 6379};
  }
  ~LeaseKeeperTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Host> MakeHost(const char* token = "token") {
    return std::make_unique<Host>(loop_, directory_ / token);
  }
  // As the supervisor shows an open primary whose peers are those hosts.
  OpenPrimary Open(const std::vector<std::pair<std::string, const Host*>>& peers) const {
    OpenPrimary primary{.incarnation = "i-1", .epoch = 7, .listen = wish_.listen, .leased = true};
    for (const auto& [incarnation, host] : peers) primary.peers.push_back({incarnation, host->peers.address()});
    return primary;
  }
  bool Until(const std::function<bool()>& condition, milliseconds limit = milliseconds(5000)) {
    const MonoTime end = loop_.now() + limit;
    const std::function<void()> look = [&] {
      if (condition() || loop_.now() >= end) return loop_.Stop();
      loop_.At(loop_.now() + milliseconds(1), look);
    };
    look();
    if (!condition()) loop_.Run();
    return condition();
  }

  const SocketAddress engine_{"127.0.0.9", 6379};
  std::filesystem::path directory_;
  SystemClock clock_;
  EventLoop loop_{clock_};
  Assignment wish_ = PrimaryWish(7, 1);
};

// Its last replica was removed: nobody renews the lease of one that needs none.
TEST_F(LeaseKeeperTest, PrimaryThatNeedsNoLeaseAnyMoreIsFreed) {
  const auto host = MakeHost();
  host->keeper->Start();
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  ASSERT_TRUE(host->keeper->MayOpen(wish_).ok());
  host->open = true;
  host->primaries = {Open({})};
  host->primaries[0].leased = false;
  // It may be a deposed one that is to be erased.
  EXPECT_FALSE(Until([&] { return !host->fence.guarded_.contains(engine_); }, milliseconds(400)));
  host->primaries[0].alone = true;
  EXPECT_TRUE(Until([&] { return !host->fence.guarded_.contains(engine_); }));
  EXPECT_FALSE(host->fence.reset_);
}

TEST_F(LeaseKeeperTest, OpensNothingWithoutALeaseAndGuardsBeforeTheYes) {
  const auto host = MakeHost();
  host->keeper->Start();
  ASSERT_EQ(host->asked.size(), 1U);
  EXPECT_FALSE(host->keeper->MayOpen(wish_).ok());
  EXPECT_TRUE(host->fence.guarded_.empty());
  host->keeper->Take(host->GrantFor({"i-1", 6}));
  EXPECT_FALSE(host->keeper->MayOpen(wish_).ok()) << "that was another epoch's";
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  EXPECT_TRUE(host->keeper->MayOpen(wish_).ok());
  EXPECT_TRUE(host->fence.guarded_.contains(engine_));
  EXPECT_LE(host->fence.left_[engine_], milliseconds(1000));
}

TEST_F(LeaseKeeperTest, SingleNodesAreNeverFenced) {
  const auto host = MakeHost();
  wish_.leased = false;
  EXPECT_TRUE(host->keeper->MayOpen(wish_).ok());
  EXPECT_TRUE(host->fence.guarded_.empty());
}

TEST_F(LeaseKeeperTest, WhoJustStartedOpensWithProofOnly) {
  const auto host = MakeHost();
  host->keeper->Start();
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  wish_.proven = false;
  EXPECT_FALSE(host->keeper->MayOpen(wish_).ok());
  EXPECT_TRUE(host->fence.guarded_.empty());
  wish_.proven = true;
  EXPECT_TRUE(host->keeper->MayOpen(wish_).ok());
}

TEST_F(LeaseKeeperTest, IsRenewedWhileItIsGranted) {
  const auto host = MakeHost();
  host->primaries = {Open({})};
  host->open = true;
  host->keeper->Start();
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  EXPECT_TRUE(host->fence.guarded_.contains(engine_));
  host->fence.left_[engine_] = milliseconds(0);
  ASSERT_TRUE(Until([&] { return host->asked.size() == 2; }));
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  EXPECT_GT(host->fence.left_[engine_], milliseconds(500));
}

TEST_F(LeaseKeeperTest, OneThatIsOpenSinceAnEarlierEpochTakesNoWritesWhileItsPromiseBinds) {
  const auto host = MakeHost();
  host->keeper->Start();
  OpenPrimary reopened = Open({});
  reopened.unproven = true;
  host->primaries = {reopened};
  host->open = true;
  ASSERT_TRUE(host->fence.Guard({{engine_, {}}}).ok());  // its earlier lease has ended
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  EXPECT_EQ(host->fence.left_[engine_], milliseconds(0)) << "an agent that just started may have promised";
  reopened.unproven = false;
  host->primaries = {reopened};
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  EXPECT_GT(host->fence.left_[engine_], milliseconds(0));
}

TEST_F(LeaseKeeperTest, PeersPromiseWhileTheControlPlaneIsAway) {
  const auto host = MakeHost();
  const auto second = MakeHost();
  const auto third = MakeHost();
  host->reachable = false;
  second->epoch = third->epoch = 7;
  host->primaries = {Open({{"i-2", second.get()}, {"i-3", third.get()}})};
  host->open = true;
  host->keeper->Start();
  EXPECT_TRUE(Until([&] { return host->fence.left_[engine_] > milliseconds(0); }));
  EXPECT_TRUE(second->keeper->Promised("i-2"));
  EXPECT_TRUE(third->keeper->Promised("i-3"));
  EXPECT_EQ(second->told, std::vector<std::string>{"i-2"}) << "once, though it is promised again and again";
  wish_.incarnation = "i-2";
  wish_.proven = false;
  EXPECT_FALSE(second->keeper->MayOpen(wish_).ok()) << "it has promised";
}

TEST_F(LeaseKeeperTest, OnePeerThatDoesNotPromiseIsEnough) {
  const auto host = MakeHost();
  const auto willing = MakeHost();
  const auto ahead = MakeHost();
  const auto stranger = MakeHost("other-token");
  host->reachable = false;
  willing->epoch = stranger->epoch = 7;
  ahead->epoch = 8;
  host->open = true;
  for (const Host* unwilling : {ahead.get(), stranger.get()}) {
    host->primaries = {Open({{"i-2", willing.get()}, {"i-3", unwilling}})};
    if (unwilling == ahead.get()) host->keeper->Start();
    ASSERT_TRUE(Until([&] { return willing->keeper->Promised("i-2"); }));
    EXPECT_FALSE(Until([&] { return host->fence.left_[engine_] > milliseconds(0); }, milliseconds(300)));
  }
}

TEST_F(LeaseKeeperTest, NothingIsPromisedToOneThatHasNoLeaseWhileTheControlPlaneIsHeard) {
  const auto host = MakeHost();
  const auto peer = MakeHost();
  host->reachable = false;
  peer->epoch = 7;
  host->primaries = {Open({{"i-2", peer.get()}})};
  host->open = true;
  peer->keeper->Start();
  peer->keeper->Take({.sequence = peer->asked.back(), .duration = milliseconds(1000)});
  host->keeper->Start();
  EXPECT_FALSE(Until([&] { return peer->keeper->Promised("i-2"); }, milliseconds(400)));
  EXPECT_TRUE(Until([&] { return peer->keeper->Promised("i-2"); })) << "not heard any more, it does not decide";
}

TEST_F(LeaseKeeperTest, WhatLapsedIsResetWhenItIsUnguarded) {
  const auto host = MakeHost();
  host->keeper->Start();
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  ASSERT_TRUE(host->keeper->MayOpen(wish_).ok());
  host->open = true;
  host->keeper->Closed("i-1");
  EXPECT_TRUE(host->fence.guarded_.contains(engine_)) << "it is open as far as is known";
  host->open = false;
  host->keeper->Closed("i-1");
  EXPECT_FALSE(host->fence.guarded_.contains(engine_));
  EXPECT_FALSE(host->fence.reset_) << "nothing was answered behind the fence";

  ASSERT_TRUE(host->fence.Guard({{engine_, {}}}).ok());  // by a process before
  host->keeper->Closed("i-1");
  EXPECT_TRUE(host->fence.reset_);
}

TEST_F(LeaseKeeperTest, WhatIsGuardedIsTheProcessThatIsOpened) {
  const auto host = MakeHost();
  host->keeper->Start();
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  host->process.reset();
  EXPECT_FALSE(host->keeper->MayOpen(wish_).ok()) << "it has ended meanwhile";
  host->process = ProcessId{4712, 100};
  ASSERT_TRUE(host->keeper->MayOpen(wish_).ok());
  EXPECT_EQ(host->fence.process_[engine_], (ProcessId{4712, 100}));
}

TEST_F(LeaseKeeperTest, NothingIsOpenedThatCannotBeGuardedAndItIsTriedAgain) {
  const auto host = MakeHost();
  host->keeper->Start();
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  host->fence.fails_ = true;
  EXPECT_FALSE(host->keeper->MayOpen(wish_).ok());
  host->primaries = {Open({})};
  host->open = true;
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  EXPECT_TRUE(host->fence.guarded_.empty());
  host->fence.fails_ = false;
  host->keeper->Take(host->GrantFor({"i-1", 7}));
  EXPECT_GT(host->fence.left_[engine_], milliseconds(0)) << "the same lease, which could not be set before";
}

TEST_F(LeaseKeeperTest, OneThatIsFoundOpenIsClosedAtOnceWhereALeaseCanFollow) {
  const auto host = MakeHost();
  host->primaries = {Open({})};
  host->open = true;
  host->keeper->Start();
  EXPECT_TRUE(host->fence.guarded_.contains(engine_));
  EXPECT_EQ(host->fence.left_[engine_], milliseconds(0));
}

TEST_F(LeaseKeeperTest, OneThatIsFoundOpenHasTheTimeOfALeaseToGetOneWhereItsEndWouldBeForGood) {
  const auto host = MakeHost();
  host->fence.kills_ = true;
  host->primaries = {Open({})};
  host->open = true;
  host->keeper->Start();
  EXPECT_GT(host->fence.left_[engine_], milliseconds(500));
  EXPECT_LE(host->fence.left_[engine_], milliseconds(1000));
  host->fence.left_[engine_] = milliseconds(0);
  ASSERT_TRUE(Until([&] { return host->asked.size() == 2; }));
  EXPECT_EQ(host->fence.left_[engine_], milliseconds(0)) << "once: without a lease nothing is added to it";
}

}  // namespace
}  // namespace cacheplane::agent
