// WaitOperation and WatchEvents.
#include <future>
#include <set>

#include "tests/unit/api/served.h"

namespace cacheplane::api {
namespace {

using grpc::StatusCode;
using namespace std::chrono_literals;

class Waiting : public Served {
 protected:
  struct Answer {
    grpc::Status status;
    v1::Operation operation;
    std::chrono::milliseconds took;
  };
  Answer Wait(const v1::WaitOperationRequest& request) {
    const auto start = std::chrono::steady_clock::now();
    v1::WaitOperationResponse response;
    const grpc::Status status =
        v1::OperationService::NewStub(channel)->WaitOperation(Context().get(), request, &response);
    const auto took = std::chrono::steady_clock::now() - start;
    return {status, response.operation(), std::chrono::duration_cast<std::chrono::milliseconds>(took)};
  }
  static v1::WaitOperationRequest For(const std::string& id, std::chrono::milliseconds timeout,
                                      std::int64_t known_revision = 0) {
    v1::WaitOperationRequest request;
    request.set_id(id);
    request.set_known_revision(known_revision);
    request.mutable_timeout()->set_seconds(timeout.count() / 1000);
    request.mutable_timeout()->set_nanos(static_cast<int>(timeout.count() % 1000) * 1'000'000);
    return request;
  }
};

TEST_F(Waiting, EndsWithTheOperation) {
  const std::string id = Created("orders").id();
  auto waiting = std::async(std::launch::async, [&] { return Wait(For(id, 15s)); });
  MoveOperation(id, model::OperationStatus::kRunning, 50);
  EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout);
  MoveOperation(id, model::OperationStatus::kSucceeded, 100);
  const Answer answer = waiting.get();
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.operation.status(), "succeeded");
  EXPECT_LT(answer.took, 10s);
  EXPECT_EQ(Wait(For(id, 15s)).operation.progress_percent(), 100);  // ended already
}

TEST_F(Waiting, EndsWithAnyNewerRevisionWhenOneIsKnown) {
  const std::string id = Created("orders").id();
  auto waiting = std::async(std::launch::async, [&] { return Wait(For(id, 15s, 1)); });
  EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout);
  MoveOperation(id, model::OperationStatus::kRunning, 50);
  const Answer answer = waiting.get();
  EXPECT_EQ(answer.operation.revision(), 2);
  EXPECT_EQ(answer.operation.status(), "running");
}

TEST_F(Waiting, EndsAfterItsTimeoutWithTheOperationAsItIs) {
  const std::string id = Created("orders").id();
  const Answer answer = Wait(For(id, 60ms));
  EXPECT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.operation.status(), "running");
  EXPECT_GE(answer.took, 60ms);
  EXPECT_TRUE(Wait(For(id, 0ms)).status.ok());
}

TEST_F(Waiting, RefusesWhatMakesNoSense) {
  const std::string id = Created("orders").id();
  EXPECT_EQ(Wait(For("op-none", 1s)).status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(Wait(For(id, -1s)).status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Wait(For(id, 1s, -1)).status.error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(Waiting, ManyWaitWithoutHoldingUpTheServer) {
  const std::string id = Created("orders").id();
  const auto stub = v1::OperationService::NewStub(channel);
  constexpr int kWaits = 200;
  std::atomic<int> ended = 0;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<v1::WaitOperationResponse> responses(kWaits);
  const v1::WaitOperationRequest request = For(id, 15s);
  for (v1::WaitOperationResponse& response : responses) {
    contexts.push_back(Context());
    stub->async()->WaitOperation(contexts.back().get(), &request, &response, [&](const grpc::Status& status) {
      if (status.ok()) ++ended;
    });
  }
  v1::GetClusterRequest get;
  get.set_name("orders");
  v1::GetClusterResponse got;
  EXPECT_TRUE(v1::ClusterService::NewStub(channel)->GetCluster(Context().get(), get, &got).ok());
  EXPECT_EQ(ended, 0);
  MoveOperation(id, model::OperationStatus::kSucceeded, 100);
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (ended < kWaits && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_EQ(ended, kWaits);
}

TEST_F(Waiting, ShutdownEndsWaitsAtOnce) {
  const std::string id = Created("orders").id();
  auto waiting = std::async(std::launch::async, [&] { return Wait(For(id, 15s)); });
  EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout);
  const auto start = std::chrono::steady_clock::now();
  server->Shutdown();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1500ms);
  EXPECT_EQ(waiting.get().status.error_code(), StatusCode::UNAVAILABLE);
}

class Watching : public Served {
 protected:
  // A watch that has begun: what is appended from now on will come.
  struct Watch {
    std::unique_ptr<grpc::ClientContext> context = Context();
    std::unique_ptr<grpc::ClientReader<v1::WatchEventsResponse>> reader;

    v1::Event Next() {
      v1::WatchEventsResponse response;
      EXPECT_TRUE(reader->Read(&response)) << reader->Finish().error_message();
      return response.event();
    }
    // Ends it, whatever is still on its way.
    void Stop() {
      context->TryCancel();
      v1::WatchEventsResponse response;
      while (reader->Read(&response)) {
      }
      EXPECT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED);
      reader.reset();
    }
    grpc::Status Error() {
      v1::WatchEventsResponse response;
      EXPECT_FALSE(reader->Read(&response));
      return reader->Finish();
    }
  };

  Watch Start(const std::string& token = "", const std::string& cluster = "") {
    v1::WatchEventsRequest request;
    request.set_resume_token(token);
    request.set_cluster(cluster);
    Watch watch;
    watch.reader = v1::EventService::NewStub(channel)->WatchEvents(watch.context.get(), request);
    watch.reader->WaitForInitialMetadata();
    return watch;
  }
};

TEST_F(Watching, StartsAtThePresent) {
  AppendEvent("orders", "old");
  Watch watch = Start();
  AppendEvent("orders", "new");
  EXPECT_EQ(watch.Next().message(), "new");
  AppendEvent("orders", "newer");
  EXPECT_EQ(watch.Next().message(), "newer");
}

TEST_F(Watching, ResumesRightBehindTheToken) {
  for (const char* message : {"one", "two", "three"}) AppendEvent("orders", message);
  v1::ListEventsResponse listed;
  ASSERT_TRUE(v1::EventService::NewStub(channel)->ListEvents(Context().get(), {}, &listed).ok());
  Watch watch = Start(listed.events(0).resume_token());
  EXPECT_EQ(watch.Next().message(), "two");
  const std::string token = watch.Next().resume_token();
  AppendEvent("orders", "four");
  EXPECT_EQ(Start(token).Next().message(), "four");
  EXPECT_EQ(watch.Next().message(), "four");
}

TEST_F(Watching, ShowsOneClusterWhenAsked) {
  Watch watch = Start("", "Orders");
  AppendEvent("other", "theirs");
  AppendEvent("orders", "mine");
  EXPECT_EQ(watch.Next().message(), "mine");
}

TEST_F(Watching, SeesWhatCallsDo) {
  Watch watch = Start();
  Created("orders");
  const v1::Event event = watch.Next();
  EXPECT_EQ(event.message(), "Creation of cluster orders requested");
  EXPECT_EQ(event.source_type(), "replication-group");
  EXPECT_EQ(event.severity(), "info");
  EXPECT_EQ(event.cluster(), "orders");
}

TEST_F(Watching, BadTokensAreRefused) {
  for (const std::string token : {"x", "e-1", "e1", "E0"}) {
    EXPECT_EQ(Start(token).Error().error_code(), StatusCode::INVALID_ARGUMENT) << token;
  }
}

TEST_F(Watching, NothingIsLostOrRepeatedAcrossReconnects) {
  constexpr int kEvents = 600;
  Watch watch = Start();
  std::thread writer([&] {
    for (int i = 0; i < kEvents; ++i) AppendEvent("orders", std::to_string(i));
  });
  std::string token;
  for (int i = 0; i < kEvents; ++i) {
    const v1::Event event = watch.Next();
    ASSERT_EQ(event.message(), std::to_string(i));
    token = event.resume_token();
    if (i % 50 == 49) {
      watch.Stop();
      watch = Start(token);
    }
  }
  writer.join();
}

TEST_F(Watching, ASlowReaderGetsEverythingInTheEnd) {
  Watch watch = Start();
  constexpr int kEvents = 400;
  const std::string large(4096, 'x');  // more than the transport's windows hold
  for (int i = 0; i < kEvents; ++i) AppendEvent("orders", std::to_string(i) + large);
  Created("served-meanwhile");
  for (int i = 0; i < kEvents; ++i) ASSERT_EQ(watch.Next().message(), std::to_string(i) + large);
}

TEST_F(Watching, ACancelledWatchLeavesTheOthersAlone) {
  Watch first = Start();
  Watch second = Start();
  first.Stop();
  AppendEvent("orders", "still here");
  EXPECT_EQ(second.Next().message(), "still here");
}

TEST_F(Watching, ShutdownEndsWatchesAtOnce) {
  Watch watch = Start();
  const auto start = std::chrono::steady_clock::now();
  server->Shutdown();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1500ms);
  EXPECT_EQ(watch.Error().error_code(), StatusCode::UNAVAILABLE);
}

TEST_F(Watching, ListEventsFiltersByTime) {
  AppendEvent("orders", "early");
  world.clock.Advance(10s);
  AppendEvent("orders", "late");
  const auto stub = v1::EventService::NewStub(channel);
  v1::ListEventsRequest request;
  request.mutable_start_time()->set_seconds(1'700'000'000);
  request.mutable_start_time()->set_nanos(1);  // just behind the first
  v1::ListEventsResponse response;
  ASSERT_TRUE(stub->ListEvents(Context().get(), request, &response).ok());
  ASSERT_EQ(response.events_size(), 1);
  EXPECT_EQ(response.events(0).message(), "late");
  request.mutable_start_time()->set_nanos(-1);
  EXPECT_EQ(stub->ListEvents(Context().get(), request, &response).error_code(), StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace cacheplane::api
