#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/text.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

v1::Event NumberedEvent(int number) {
  v1::Event event;
  event.set_resume_token("t" + std::to_string(number));
  event.mutable_time()->set_seconds(1'700'000'000);
  event.mutable_time()->set_nanos(7'000'000 * number);
  event.set_source_type("cache-cluster");
  event.set_source("orders-001");
  event.set_message("message " + std::to_string(number));
  event.set_severity("info");
  event.set_cluster("orders");
  return event;
}

class EventsTest : public CommandLineTest {};

TEST_F(EventsTest, ListShowsATable) {
  v1::ListEventsResponse response;
  *response.add_events() = NumberedEvent(1);
  server_.Answer<v1::ListEventsRequest>(response);
  const Outcome outcome = Run("events list --cluster orders --source-type cache-cluster --since 1h");
  EXPECT_EQ(outcome.out,
            "TIME                      SEVERITY  SOURCE TYPE    SOURCE      MESSAGE\n"
            "2023-11-14T22:13:20.007Z  info      cache-cluster  orders-001  message 1\n");
  const v1::ListEventsRequest asked = server_.Asked<v1::ListEventsRequest>().front();
  EXPECT_EQ(asked.cluster(), "orders");
  EXPECT_EQ(asked.source_type(), "cache-cluster");
  const std::int64_t now = ToUnixMillis(SystemClock().Now()) / 1000;
  EXPECT_NEAR(static_cast<double>(asked.start_time().seconds()), static_cast<double>(now - 3600), 60);
}

TEST_F(EventsTest, WithoutFollowTheNounLists) {
  EXPECT_EQ(Run("events --cluster orders").code, 0);
  EXPECT_EQ(server_.Asked<v1::ListEventsRequest>().front().cluster(), "orders");
  EXPECT_EQ(Run("events --resume-token t").code, 252);
}

TEST_F(EventsTest, TheListFollowsToo) {
  server_.OnWatch([](const v1::WatchEventsRequest&, const FakeControlPlane::SendEvent& send) -> Status {
    v1::Event other = NumberedEvent(1);
    other.set_source_type("agent");
    send(other);
    send(NumberedEvent(2));
    return NotFound("the end of this test");
  });
  const Outcome outcome = Run("events list --follow --cluster orders --source-type cache-cluster --resume-token t0");
  EXPECT_EQ(outcome.code, 3) << outcome.err;
  EXPECT_EQ(outcome.out, "2023-11-14T22:13:20.014Z  info  cache-cluster orders-001  message 2\n");
  const v1::WatchEventsRequest asked = server_.Asked<v1::WatchEventsRequest>().front();
  EXPECT_EQ(asked.cluster(), "orders");
  EXPECT_EQ(asked.resume_token(), "t0");
  EXPECT_TRUE(server_.Asked<v1::ListEventsRequest>().empty());
  EXPECT_EQ(Run("events list --follow --since 1h").code, 252);
}

TEST_F(EventsTest, FollowPrintsOneDocumentALineUntilInterrupted) {
  server_.OnWatch([](const v1::WatchEventsRequest&, const FakeControlPlane::SendEvent& send) -> Status {
    send(NumberedEvent(1));
    send(NumberedEvent(2));
    kill(getpid(), SIGINT);
    return {};
  });
  const Outcome outcome = Run("events --follow --cluster orders --resume-token t0 -o json");
  EXPECT_EQ(outcome.code, 130);
  const v1::WatchEventsRequest asked = server_.Asked<v1::WatchEventsRequest>().front();
  EXPECT_EQ(asked.cluster(), "orders");
  EXPECT_EQ(asked.resume_token(), "t0");
  // The interrupt may overtake the last event, never part of one.
  std::vector<std::string> lines = Split(outcome.out, '\n');
  lines.pop_back();
  for (const std::string& line : lines) EXPECT_EQ(nlohmann::json::parse(line)["cluster"], "orders");
  const std::string last =
      lines.empty() ? "t0" : nlohmann::json::parse(lines.back())["resume_token"].get<std::string>();
  EXPECT_NE(outcome.err.find("--resume-token " + last + "\n"), std::string::npos) << outcome.err;
}

TEST_F(EventsTest, FollowGoesOnBehindTheLastEventAfterARestart) {
  std::atomic<int> streams = 0;
  server_.OnWatch([&streams](const v1::WatchEventsRequest&, const FakeControlPlane::SendEvent& send) -> Status {
    const int number = ++streams;
    if (number == 3) return NotFound("the end of this test");
    send(NumberedEvent(number));
    return Unavailable("stopping");
  });
  const Outcome outcome = Run("events --follow");
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.out,
            "2023-11-14T22:13:20.007Z  info  cache-cluster orders-001  message 1\n"
            "2023-11-14T22:13:20.014Z  info  cache-cluster orders-001  message 2\n");
  const auto asked = server_.Asked<v1::WatchEventsRequest>();
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked[1].resume_token(), "t1");
  EXPECT_EQ(asked[2].resume_token(), "t2");
}

TEST_F(EventsTest, FollowEndsWhenThereIsNoPlaceToGoOnFrom) {
  server_.OnWatch([](const v1::WatchEventsRequest&, const FakeControlPlane::SendEvent&) -> Status {
    return Unavailable("stopping");
  });
  EXPECT_EQ(Run("events --follow").code, 6);
}

}  // namespace
}  // namespace cacheplane::cli
