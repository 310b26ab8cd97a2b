// What a keeper of leases is asked and told, by a supervisor in this process with real engines.
#include "nodeagent/supervisor/open_hooks.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cache-engine/images/images.h"
#include "nodeagent/supervisor/supervisor.h"
#include "tests/unit/nodeagent/builders.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

class OpenHooksTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!images::FindImage(images::DefaultRoot(), "valkey", "8.0.1").ok()) GTEST_SKIP() << "no image of valkey 8.0.1";
    std::string name = (std::filesystem::temp_directory_path() / "hooks-home-XXXXXX").string();
    home_ = std::make_unique<Home>(root_ = mkdtemp(name.data()));
    Supervisor::Options options{
        .images = images::DefaultRoot(), .launcher = CACHE_ENGINE_PROGRAM, .uid_base = geteuid() == 0 ? 76000U : 0U};
    options.hooks.may_open = [this](const Assignment& wish) {
      asked_.push_back(wish.epoch);
      return allowed_ ? Status() : Status(Unavailable("no lease yet"));
    };
    options.hooks.closed = [this](const std::string& incarnation) {
      closed_.push_back(incarnation);
      alive_when_closed_ = supervisor_->ProcessAt(wish_.listen).has_value();
    };
    options.hooks.promised = [](const std::string& incarnation) { return incarnation == "i-1"; };
    supervisor_ = std::make_unique<Supervisor>(loop_, *home_, options, [this] {});
  }

  void TearDown() override {
    if (!supervisor_) return;
    wish_.intent = Intent::kErase;
    Send();
    EXPECT_TRUE(Until([this] { return Fact().process == ProcessState::kErased; }));
    supervisor_.reset();
    std::filesystem::remove_all(root_);
  }

  void Send() {
    wish_.listen = {"127.24." + std::to_string(getpid() % 250 + 1) + ".1", 6379};
    supervisor_->Apply({.revision = ++revision_, .assignments = {wish_}});
  }

  NodeFact Fact() const {
    const Facts facts = supervisor_->CurrentFacts();
    return facts.nodes.empty() ? NodeFact{} : facts.nodes.front();
  }

  // Runs the loop until it holds; false when it does not within 10 s.
  bool Until(const std::function<bool()>& condition) {
    const MonoTime limit = loop_.now() + milliseconds(10'000);
    const std::function<void()> look = [&] {
      if (condition() || loop_.now() >= limit) return loop_.Stop();
      loop_.At(loop_.now() + milliseconds(1), look);
    };
    look();
    if (!condition()) loop_.Run();
    return condition();
  }

  SystemClock clock_;
  EventLoop loop_{clock_};
  std::filesystem::path root_;
  std::unique_ptr<Home> home_;
  std::unique_ptr<Supervisor> supervisor_;
  Assignment wish_ = PrimaryWish(1, 1);
  std::uint64_t revision_ = 0;
  bool allowed_ = true;
  std::vector<std::uint64_t> asked_;
  std::vector<std::string> closed_;
  bool alive_when_closed_ = false;
};

TEST_F(OpenHooksTest, NoIsReportedAndAskedAgainUntilItIsYes) {
  allowed_ = false;
  wish_.leased = true;
  wish_.peers = {{"i-2", "127.0.0.1:7"}};
  Send();
  ASSERT_TRUE(Until([this] { return asked_.size() >= 3; }));
  EXPECT_EQ(Fact().role, "replica");
  EXPECT_EQ(Fact().problem, "no lease yet");
  EXPECT_EQ(Fact().epoch, 0U) << "nothing is durable before the yes";
  EXPECT_EQ(supervisor_->OpenPrimaries(), (std::vector<OpenPrimary>{{.incarnation = "i-1",
                                                                     .epoch = 1,
                                                                     .listen = wish_.listen,
                                                                     .internal_password = "secret",
                                                                     .leased = true,
                                                                     .peers = wish_.peers}}));
  allowed_ = true;
  EXPECT_TRUE(Until([this] { return Fact().role == "primary" && Fact().problem.empty(); }));
  EXPECT_TRUE(closed_.empty());
  EXPECT_TRUE(Fact().promised);
}

TEST_F(OpenHooksTest, ChangedFactsAreTakenOnce) {
  Send();
  ASSERT_TRUE(Until([this] { return Fact().role == "primary"; }));
  EXPECT_EQ(supervisor_->TakeChangedFacts(), supervisor_->CurrentFacts());
  const Facts none{.revision = revision_};
  EXPECT_EQ(supervisor_->TakeChangedFacts(), none);
}

TEST_F(OpenHooksTest, CandidateOfAHandoverIsNotReadyBeforeTheYes) {
  allowed_ = false;
  wish_.role = Role::kReplica;
  wish_.primary.reset();
  Send();
  ASSERT_TRUE(Until([this] { return Fact().role == "replica"; }));
  EXPECT_TRUE(supervisor_->OpenPrimaries().empty());
  wish_.role = Role::kPrimary;
  wish_.await_handover = true;
  wish_.epoch = 2;
  Send();
  ASSERT_TRUE(Until([this] { return asked_.size() >= 2; }));
  EXPECT_LT(Fact().epoch, 2U);
  EXPECT_EQ(supervisor_->OpenPrimaries().size(), 1U);
  allowed_ = true;
  EXPECT_TRUE(Until([this] { return Fact().epoch == 2; }));
  EXPECT_EQ(Fact().role, "replica");
  EXPECT_TRUE(closed_.empty());
  // Called off before anybody opened it.
  wish_.role = Role::kReplica;
  wish_.await_handover = false;
  wish_.epoch = 3;
  Send();
  EXPECT_TRUE(Until([this] { return Fact().epoch == 3; }));
  EXPECT_EQ(closed_, std::vector<std::string>{"i-1"});
}

TEST_F(OpenHooksTest, OneThatIsHeldIsClosedBeforeItSavesWhereThatIsAskedFor) {
  Send();
  ASSERT_TRUE(Until([this] { return Fact().role == "primary"; }));
  EXPECT_EQ(supervisor_->ProcessAt(wish_.listen)->pid, Fact().pid);
  supervisor_->HoldEverything(/*close_first=*/true);
  ASSERT_TRUE(Until([this] { return !supervisor_->AnyProcess(); }));
  EXPECT_EQ(closed_, std::vector<std::string>{"i-1"});
  EXPECT_TRUE(alive_when_closed_) << "nothing would have unguarded it before it saved";
  EXPECT_TRUE(supervisor_->NotStoppedCleanly().empty());
  EXPECT_EQ(Fact().clean_stop_epoch, 1U);
  EXPECT_FALSE(supervisor_->ProcessAt(wish_.listen));
}

TEST_F(OpenHooksTest, DemotionIsTold) {
  Send();
  ASSERT_TRUE(Until([this] { return Fact().role == "primary"; }));
  wish_.role = Role::kReplica;
  wish_.epoch = 2;
  wish_.primary = Address{wish_.listen.host, 7};
  wish_.peers = {{"i-2", "127.0.0.1:7"}};
  Send();
  const auto open = supervisor_->OpenPrimaries();
  ASSERT_EQ(open.size(), 1U) << "not yet a replica";
  EXPECT_TRUE(open.front().leased);
  EXPECT_TRUE(Until([this] { return Fact().role == "replica"; }));
  EXPECT_EQ(closed_, std::vector<std::string>{"i-1"});
  EXPECT_TRUE(supervisor_->OpenPrimaries().empty());
}

TEST_F(OpenHooksTest, EndIsTold) {
  Send();
  ASSERT_TRUE(Until([this] { return Fact().role == "primary"; }));
  kill(static_cast<pid_t>(Fact().pid), SIGKILL);
  EXPECT_TRUE(Until([this] { return !closed_.empty(); }));
  EXPECT_TRUE(supervisor_->OpenPrimaries().empty());
  EXPECT_TRUE(Until([this] { return Fact().exit_reason == "signal 9"; }));
  EXPECT_EQ(closed_.size(), 1U);
}

}  // namespace
}  // namespace cacheplane::agent
