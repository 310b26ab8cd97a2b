// Waiting for operations: progress, time, restarts of the control plane, Ctrl-C.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class WaitTest : public CommandLineTest {
 protected:
  void SetUp() override {
    v1::GetOperationResponse response;
    *response.mutable_operation() = RunningOperation("create-cluster");
    server_.Answer<v1::GetOperationRequest>(response);
  }
  void OnWait(std::function<Status(const v1::WaitOperationRequest&, v1::WaitOperationResponse*)> handler) {
    server_.On<v1::WaitOperationRequest, v1::WaitOperationResponse>(std::move(handler));
  }
};

v1::Operation At(std::int64_t revision, const std::string& status) {
  v1::Operation operation = RunningOperation("create-cluster");
  operation.set_revision(revision);
  operation.set_status(status);
  v1::OperationStep* step = operation.add_steps();
  step->set_name("start engines");
  step->set_status(status == "running" ? "running" : "done");
  step->set_detail("revision " + std::to_string(revision));
  return operation;
}

TEST_F(WaitTest, AsksForNewsSinceTheRevisionItKnows) {
  OnWait([](const v1::WaitOperationRequest& request, v1::WaitOperationResponse* response) -> Status {
    const std::int64_t next = request.known_revision() + 1;
    *response->mutable_operation() = At(next, next == 4 ? "succeeded" : "running");
    return {};
  });
  const Outcome outcome = Run("operation wait op-1");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(server_.Asked<v1::WaitOperationRequest>().size(), 3U);
  for (const char* line : {"start engines running: revision 2", "start engines running: revision 3",
                           "start engines done: revision 4", "create-cluster orders: succeeded"}) {
    EXPECT_NE(outcome.err.find(line), std::string::npos) << line << "\n" << outcome.err;
  }
  EXPECT_NE(outcome.out.find("Status:    succeeded"), std::string::npos) << outcome.out;
}

TEST_F(WaitTest, AnEndedOperationIsNotWaitedFor) {
  v1::GetOperationResponse response;
  *response.mutable_operation() = At(9, "failed");
  server_.Answer<v1::GetOperationRequest>(response);
  const Outcome outcome = Run("operation wait op-1 -o json");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.out.find("\"status\": \"failed\""), std::string::npos);
  EXPECT_TRUE(server_.Asked<v1::WaitOperationRequest>().empty());
}

TEST_F(WaitTest, TimeoutSaysHowToGoOn) {
  OnWait([](const v1::WaitOperationRequest& request, v1::WaitOperationResponse* response) -> Status {
    // What the real one does when nothing happens.
    std::this_thread::sleep_for(std::chrono::nanoseconds(request.timeout().nanos()));
    *response->mutable_operation() = At(1, "running");
    return {};
  });
  const Outcome outcome = Run("operation wait op-1 --timeout 100ms");
  EXPECT_EQ(outcome.code, 5);
  EXPECT_NE(outcome.err.find(
                "error: Timeout: create-cluster orders is still running after 0.1s\nhint: the operation goes on; "
                "wait for it with `cachectl operation wait op-1`\n"),
            std::string::npos)
      << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

TEST_F(WaitTest, OutlivesARestartOfTheControlPlane) {
  std::atomic<int> calls = 0;
  OnWait([&calls](const v1::WaitOperationRequest&, v1::WaitOperationResponse* response) -> Status {
    if (++calls < 3) return Unavailable("stopping");
    *response->mutable_operation() = At(2, "succeeded");
    return {};
  });
  const Outcome outcome = Run("operation wait op-1");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::string remark = "the control plane does not answer; trying again";
  EXPECT_NE(outcome.err.find(remark), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.err.find(remark), outcome.err.rfind(remark)) << outcome.err;
}

TEST_F(WaitTest, ATimeoutWithNobodyThereIsUnreachable) {
  OnWait([](const v1::WaitOperationRequest&, v1::WaitOperationResponse*) -> Status { return Unavailable("gone"); });
  const Outcome outcome = Run("operation wait op-1 --timeout 400ms");
  EXPECT_EQ(outcome.code, 6);
  EXPECT_NE(outcome.err.find("cachectl operation wait op-1"), std::string::npos) << outcome.err;
}

TEST_F(WaitTest, ALostOperationIsReported) {
  OnWait([](const v1::WaitOperationRequest&, v1::WaitOperationResponse*) -> Status { return NotFound("no op-1"); });
  EXPECT_EQ(Run("operation wait op-1").code, 3);
}

TEST_F(WaitTest, CtrlCSaysThatTheOperationGoesOn) {
  std::atomic<bool> sent = false;
  OnWait([&sent](const v1::WaitOperationRequest&, v1::WaitOperationResponse* response) -> Status {
    if (!sent.exchange(true)) kill(getpid(), SIGINT);
    *response->mutable_operation() = At(1, "running");
    return {};
  });
  const Outcome outcome = Run("operation wait op-1");
  EXPECT_EQ(outcome.code, 130);
  EXPECT_NE(outcome.err.find("error: Interrupted: no longer waiting\nhint: the operation goes on; wait for it with "
                             "`cachectl operation wait op-1`\n"),
            std::string::npos)
      << outcome.err;
}

}  // namespace
}  // namespace cacheplane::cli
