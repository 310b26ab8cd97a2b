#include "controlplane/agents/session_directory.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "tests/unit/agents/fakes.h"

namespace cacheplane::agents {
namespace {

using test::AssignmentOf;

const model::AgentName kAgent("a1");

struct RecordingAgentLink final : AgentLink {
  void Offer(std::shared_ptr<const AssignmentTarget> target) override { offered.push_back(std::move(target)); }
  void Order(const ports::Fault&, std::function<void(Status)> answered) override { answered({}); }
  void Order(const ports::Trial&, std::function<void(Status)> answered) override { answered({}); }
  void End(const Error& error) override { ended = error; }
  std::vector<std::shared_ptr<const AssignmentTarget>> offered;
  std::optional<Error> ended;
};

struct RecordingRouterLink final : RouterLink {
  void Offer(std::shared_ptr<const model::EndpointMap> map) override { offered.push_back(map->version); }
  void End(const Error& error) override { ended = error; }
  std::vector<std::uint64_t> offered;
  std::optional<Error> ended;
};

class SessionDirectoryTest : public testing::Test {
 protected:
  static model::EndpointMap Map(std::uint64_t version) { return {.version = version, .endpoints = {}}; }

  test::ManualClock clock_;
  SessionDirectory directory_{clock_};
};

TEST_F(SessionDirectoryTest, OffersOnlyWhatChanged) {
  const auto link = std::make_shared<RecordingAgentLink>();
  directory_.Attach(kAgent, link);
  EXPECT_TRUE(link->offered.empty());  // nothing was decided yet
  directory_.Assign(kAgent, {AssignmentOf("b"), AssignmentOf("a")});
  directory_.Assign(kAgent, {AssignmentOf("a"), AssignmentOf("b")});  // the same set
  ASSERT_EQ(link->offered.size(), 1U);
  EXPECT_EQ(link->offered[0]->assignments[0], AssignmentOf("a"));
  directory_.Assign(kAgent, {});
  ASSERT_EQ(link->offered.size(), 2U);
  EXPECT_GT(link->offered[1]->revision, link->offered[0]->revision);
  directory_.Assign(model::AgentName("other"), {AssignmentOf("c")});
  EXPECT_EQ(link->offered.size(), 2U);
}

TEST_F(SessionDirectoryTest, ALaterSessionGetsTheNewestAtOnce) {
  directory_.Assign(kAgent, {AssignmentOf("a", 1)});
  directory_.Assign(kAgent, {AssignmentOf("a", 2)});
  const auto link = std::make_shared<RecordingAgentLink>();
  directory_.Attach(kAgent, link);
  ASSERT_EQ(link->offered.size(), 1U);
  EXPECT_EQ(link->offered[0]->assignments, std::vector{AssignmentOf("a", 2)});
}

TEST_F(SessionDirectoryTest, ANewerSessionReplacesTheOlder) {
  const auto older = std::make_shared<RecordingAgentLink>();
  const auto newer = std::make_shared<RecordingAgentLink>();
  const SessionId first = directory_.Attach(kAgent, older);
  const SessionId second = directory_.Attach(kAgent, newer);
  EXPECT_GT(second, first);
  ASSERT_TRUE(older->ended);
  EXPECT_EQ(older->ended->code, ErrorCode::kAborted);
  EXPECT_FALSE(newer->ended);
  directory_.Detach(kAgent, first);  // the older one's end takes nothing from the newer
  directory_.Assign(kAgent, {AssignmentOf("a")});
  EXPECT_EQ(newer->offered.size(), 1U);
  EXPECT_TRUE(older->offered.empty());
  directory_.Detach(kAgent, second);
  directory_.Assign(kAgent, {});
  EXPECT_EQ(newer->offered.size(), 1U);
}

TEST_F(SessionDirectoryTest, RevisionsRiseAcrossRestarts) {
  const auto link = std::make_shared<RecordingAgentLink>();
  directory_.Attach(kAgent, link);
  directory_.Assign(kAgent, {AssignmentOf("a")});
  clock_.Advance(std::chrono::seconds(1));
  SessionDirectory restarted(clock_);
  restarted.Attach(kAgent, link);
  restarted.Assign(kAgent, {AssignmentOf("b")});
  ASSERT_EQ(link->offered.size(), 2U);
  EXPECT_GT(link->offered[1]->revision, link->offered[0]->revision);
}

TEST_F(SessionDirectoryTest, MapsOnlyEverGetNewer) {
  const auto first = std::make_shared<RecordingRouterLink>();
  const auto second = std::make_shared<RecordingRouterLink>();
  directory_.AttachRouter("r1", first);
  directory_.Publish(Map(0));  // nothing was published yet
  directory_.Publish(Map(3));
  directory_.Publish(Map(2));
  directory_.Publish(Map(3));
  directory_.AttachRouter("r2", second);
  directory_.Publish(Map(4));
  EXPECT_EQ(first->offered, (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(second->offered, (std::vector<std::uint64_t>{3, 4}));
}

TEST_F(SessionDirectoryTest, ANewerSessionOfARouterReplacesTheOlder) {
  const auto older = std::make_shared<RecordingRouterLink>();
  const auto newer = std::make_shared<RecordingRouterLink>();
  const SessionId first = directory_.AttachRouter("r1", older);
  directory_.AttachRouter("r1", newer);
  ASSERT_TRUE(older->ended);
  EXPECT_EQ(older->ended->code, ErrorCode::kAborted);
  directory_.DetachRouter("r1", first);
  directory_.Publish(Map(1));
  EXPECT_EQ(newer->offered.size(), 1U);
  EXPECT_TRUE(older->offered.empty());
}

}  // namespace
}  // namespace cacheplane::agents
