#include <gtest/gtest.h>

#include <string>

#include "tests/unit/agents/session_fixture.h"

namespace cacheplane::agents {
namespace {

using grpc::StatusCode;
using test::Eventually;
using namespace std::chrono_literals;

using RouterSessionTest = test::SessionTest;

agent::v1::RouterSessionRequest RouterState(const std::string& name, std::uint64_t version) {
  agent::v1::RouterSessionRequest request;
  request.set_router(name);
  request.set_data_path("kernel");
  request.set_map_version(version);
  return request;
}

model::EndpointMap MapOf(std::uint64_t version) {
  model::Endpoint endpoint;
  endpoint.address = {"127.20.0.4", 6379};
  endpoint.targets = {{"127.20.0.5", static_cast<int>(version) + 1000}};
  return {.version = version, .endpoints = {endpoint}};
}

TEST_F(RouterSessionTest, MapsGoToEveryRouterAndToTheLateOne) {
  const auto first = DialRouter();
  ASSERT_TRUE(first->Send(RouterState("r1", 0)));
  ASSERT_TRUE(Eventually([&] { return board_.Snapshot().routers.size() == 1; }));
  EXPECT_TRUE(first->Received().empty());
  directory_.Publish(MapOf(1));
  const auto second = DialRouter();
  ASSERT_TRUE(second->Send(RouterState("r2", 0)));
  ASSERT_TRUE(Eventually([&] { return first->Received().size() == 1 && second->Received().size() == 1; }));
  directory_.Publish(MapOf(2));
  ASSERT_TRUE(Eventually([&] { return first->Received().size() == 2 && second->Received().size() == 2; }));
  EXPECT_EQ(second->Received()[1].map().version(), 2U);
  EXPECT_EQ(second->Received()[1].map().endpoints(0).targets(0).port(), 1002);

  const int changes = signal_.router_changes;
  ASSERT_TRUE(first->Send(RouterState("r1", 2)));
  ASSERT_TRUE(Eventually([&] { return board_.Snapshot().routers[0].map_version == 2; }));
  EXPECT_TRUE(Eventually([&] { return signal_.router_changes == changes + 1; }));
}

TEST_F(RouterSessionTest, VersionsOnlyRiseHoweverFastTheyCome) {
  const auto router = DialRouter();
  ASSERT_TRUE(router->Send(RouterState("r1", 0)));
  for (std::uint64_t version = 1; version <= 500; ++version) {
    directory_.Publish(MapOf(version));
    directory_.Publish(MapOf(version / 2));
  }
  ASSERT_TRUE(
      Eventually([&] { return !router->Received().empty() && router->Received().back().map().version() == 500; }));
  std::uint64_t last = 0;
  for (const auto& response : router->Received()) {
    EXPECT_GT(response.map().version(), last);
    last = response.map().version();
  }
}

TEST_F(RouterSessionTest, SilenceReplacementAndRenamingEndIt) {
  const auto older = DialRouter();
  ASSERT_TRUE(older->Send(RouterState("r1", 0)));
  ASSERT_TRUE(Eventually([&] { return board_.Snapshot().routers.size() == 1; }));
  const auto newer = DialRouter();
  ASSERT_TRUE(newer->Send(RouterState("r1", 0)));
  EXPECT_EQ(older->End().error_code(), StatusCode::ABORTED);
  EXPECT_TRUE(board_.Snapshot().routers[0].connected);
  ASSERT_TRUE(newer->Send(RouterState("r2", 0)));
  EXPECT_EQ(newer->End().error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(Eventually([&] { return !board_.Snapshot().routers[0].connected; }));
  const auto silent = DialRouter();
  ASSERT_TRUE(silent->Send(RouterState("r1", 0)));
  ASSERT_TRUE(Eventually([&] { return board_.Snapshot().routers[0].connected; }));
  clock_.Advance(5s);
  EXPECT_EQ(silent->End().error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(Eventually([&] { return !board_.Snapshot().routers[0].connected; }));
}

}  // namespace
}  // namespace cacheplane::agents
