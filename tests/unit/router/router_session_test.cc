#include "nodeagent/router/router_session.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "common/file.h"
#include "common/random_id.h"
#include "tests/unit/router/control_plane_double.h"

namespace cacheplane::router {
namespace {

using network::EndpointMap;

const EndpointMap kMap{5,
                       {{{"127.20.0.5", 6379}, {{"127.20.1.1", 6379}, {"127.20.1.2", 6380}}}, {{"127.20.0.6", 1}, {}}}};

class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(ReplaceFile(token_file_, "secret\n").ok()); }
  void TearDown() override { std::filesystem::remove(token_file_); }

  std::unique_ptr<RouterSession> Connect(const std::string& address) {
    return std::make_unique<RouterSession>(SessionOptions{"router-a", address, token_file_},
                                           RouterFacts{"kernel", 0, ""},
                                           [this](EndpointMap map, std::vector<std::string> complaints) {
                                             const std::lock_guard lock(mutex_);
                                             map_ = std::move(map);
                                             complaints_ = std::move(complaints);
                                             received_.notify_all();
                                           });
  }
  bool WaitForMap(const EndpointMap& map) {
    std::unique_lock lock(mutex_);
    return received_.wait_for(lock, std::chrono::seconds(5), [&] { return map_ == map; });
  }

  const std::filesystem::path token_file_ = std::filesystem::temp_directory_path() / ("router-token-" + RandomHex(6));
  std::mutex mutex_;
  std::condition_variable received_;
  EndpointMap map_;
  std::vector<std::string> complaints_;
};

TEST_F(SessionTest, SaysWhoItIsAndHandsMapsOver) {
  ControlPlaneDouble control_plane("secret");
  const auto session = Connect(control_plane.address());
  EXPECT_TRUE(control_plane.WaitFor([](const RouterFacts& facts) { return facts == RouterFacts{"kernel", 0, ""}; }));
  EXPECT_EQ(control_plane.RouterName(), "router-a");
  control_plane.Publish(kMap);
  EXPECT_TRUE(WaitForMap(kMap));
  session->Report({"kernel", 5, "p"});
  EXPECT_TRUE(control_plane.WaitFor([](const RouterFacts& facts) { return facts == RouterFacts{"kernel", 5, "p"}; }));
}

TEST_F(SessionTest, BeatsEverySecond) {
  ControlPlaneDouble control_plane("secret");
  const auto session = Connect(control_plane.address());
  EXPECT_TRUE(control_plane.WaitFor([reports = 0](const RouterFacts&) mutable { return ++reports > 3; }));
}

TEST_F(SessionTest, DropsWhatIsNoAddressAndSaysSo) {
  ControlPlaneDouble control_plane("secret");
  control_plane.Publish(
      {1, {{{"localhost", 6379}, {}}, {{"127.20.0.5", 6379}, {{"::1", 6379}, {"127.20.1.1", 6379}}}}});
  const auto session = Connect(control_plane.address());
  EXPECT_TRUE(WaitForMap({1, {{{"127.20.0.5", 6379}, {{"127.20.1.1", 6379}}}}}));
  EXPECT_EQ(complaints_.size(), 2U);
}

TEST_F(SessionTest, ComesBackAfterTheControlPlaneWasAway) {
  auto control_plane = std::make_unique<ControlPlaneDouble>("secret");
  const int port = control_plane->port();
  const auto session = Connect(control_plane->address());
  ASSERT_TRUE(control_plane->WaitFor([](const RouterFacts& facts) { return facts.data_path == "kernel"; }));
  control_plane.reset();
  session->Report({"kernel", 9, ""});
  control_plane = std::make_unique<ControlPlaneDouble>("secret", port);
  control_plane->Publish(kMap);
  EXPECT_TRUE(control_plane->WaitFor([](const RouterFacts& facts) { return facts.map_version == 9; }));
  EXPECT_TRUE(WaitForMap(kMap));
}

TEST_F(SessionTest, ReadsTheTokenAnewForEachDial) {
  ASSERT_TRUE(ReplaceFile(token_file_, "wrong").ok());
  ControlPlaneDouble control_plane("secret");
  const auto session = Connect(control_plane.address());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (control_plane.Refused() == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  ASSERT_GT(control_plane.Refused(), 0);
  EXPECT_EQ(control_plane.Reports(), 0);
  ASSERT_TRUE(ReplaceFile(token_file_, "secret").ok());
  EXPECT_TRUE(control_plane.WaitFor([](const RouterFacts& facts) { return facts.data_path == "kernel"; }));
}

}  // namespace
}  // namespace cacheplane::router
