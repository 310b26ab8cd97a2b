#include "cli/output/progress.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cacheplane/v1/operation.pb.h"
#include "cli/output/progress_display.h"

namespace cacheplane::cli {
namespace {

using Lines = std::vector<std::string>;

void AddStep(v1::Operation& operation, const std::string& name, const std::string& status, const std::string& detail) {
  v1::OperationStep* step = operation.add_steps();
  step->set_name(name);
  step->set_status(status);
  step->set_detail(detail);
}

v1::Operation Creating() {
  v1::Operation operation;
  operation.set_id("op-1");
  operation.set_kind("create-cluster");
  operation.set_target("orders");
  operation.set_status("running");
  operation.set_progress_percent(40);
  AddStep(operation, "place nodes", "done", "3 zones");
  AddStep(operation, "start engines", "running", "orders-002 loads");
  AddStep(operation, "verify", "pending", "");
  return operation;
}

TEST(ProgressBlock, ShowsEveryStep) {
  EXPECT_EQ(ProgressBlock(Creating(), std::chrono::milliseconds(3100), {}),
            (Lines{"create-cluster orders  40%  3.1s", "  ✓ place nodes    3 zones",
                   "  ▸ start engines  orders-002 loads", "  · verify"}));
}

TEST(ProgressBlock, TellsHowLongItMayTake) {
  v1::Operation operation = Creating();
  operation.mutable_create_time()->set_seconds(1'000);
  operation.mutable_expected_end_time()->set_seconds(1'015);
  EXPECT_EQ(ProgressBlock(operation, std::chrono::milliseconds(3000), {}).front(),
            "create-cluster orders  40%, about 12s left  3.0s");
  EXPECT_EQ(ProgressBlock(operation, std::chrono::milliseconds(14'500), {}).front(), "create-cluster orders  40%  14s");
}

TEST(ProgressBlock, TellsWhyItWaitsOrFailed) {
  v1::Operation operation = Creating();
  operation.clear_steps();
  operation.set_reason("no agent in us-east-1b");
  EXPECT_EQ(ProgressBlock(operation, {}, {}).back(), "  no agent in us-east-1b");
  operation.set_status("failed");
  EXPECT_EQ(ProgressBlock(operation, {}, {}),
            (Lines{"create-cluster orders  failed  0.0s", "  no agent in us-east-1b"}));
}

TEST(ProgressBlock, NoLineIsWiderThanTheTerminal) {
  const Lines lines = ProgressBlock(Creating(), {}, {.colour = false, .width = 20});
  EXPECT_EQ(lines[0], "create-cluster orde…");
  EXPECT_EQ(lines[2], "  ▸ start engines  …");
}

TEST(ProgressBlock, ColourSurroundsWholeLines) {
  v1::Operation operation = Creating();
  operation.set_status("succeeded");
  EXPECT_EQ(ProgressBlock(operation, {}, {.colour = true}).front(),
            "\x1b[32mcreate-cluster orders  succeeded  0.0s\x1b[0m");
}

TEST(ProgressChanges, StartTellsTheOperationAndWhatRuns) {
  EXPECT_EQ(ProgressChanges(nullptr, Creating()),
            (Lines{"create-cluster orders: operation op-1", "create-cluster orders: place nodes done: 3 zones",
                   "create-cluster orders: start engines running: orders-002 loads"}));
}

TEST(ProgressChanges, TellsOnlyWhatIsNew) {
  const v1::Operation before = Creating();
  EXPECT_TRUE(ProgressChanges(&before, before).empty());
  v1::Operation now = before;
  now.mutable_steps(1)->set_detail("orders-003 loads");
  now.set_reason("waiting for agent-c");
  EXPECT_EQ(ProgressChanges(&before, now), (Lines{"create-cluster orders: start engines running: orders-003 loads",
                                                  "create-cluster orders: waiting: waiting for agent-c"}));
}

TEST(ProgressChanges, TellsTheEndOnce) {
  const v1::Operation before = Creating();
  v1::Operation now = before;
  now.set_status("failed");
  now.set_reason("no memory");
  EXPECT_EQ(ProgressChanges(&before, now), (Lines{"create-cluster orders: failed: no memory"}));
  EXPECT_TRUE(ProgressChanges(&now, now).empty());
}

TEST(ProgressChanges, ControlCharactersAreEscaped) {
  v1::Operation operation = Creating();
  operation.mutable_steps(0)->set_detail("a\nb");
  EXPECT_EQ(ProgressChanges(nullptr, operation)[1], "create-cluster orders: place nodes done: a\\x0ab");
}

TEST(ProgressDisplay, LiveBlockIsDrawnOverItself) {
  std::ostringstream out;
  const SystemClock clock;
  ProgressDisplay display(out, clock, true, {});
  display.Show(Creating());
  display.Show(Creating());
  EXPECT_NE(out.str().find("\x1b[4A\r\x1b[J"), std::string::npos) << out.str();
}

TEST(ProgressDisplay, PlainLinesCarryTheTimeAndNoEscapes) {
  std::ostringstream out;
  const SystemClock clock;
  ProgressDisplay display(out, clock, false, {});
  display.Show(Creating());
  display.Remark("no answer");
  display.Remark("no answer");
  EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
  EXPECT_NE(out.str().find("Z create-cluster orders: operation op-1\n"), std::string::npos);
  EXPECT_EQ(out.str().find("no answer"), out.str().rfind("no answer"));
}

}  // namespace
}  // namespace cacheplane::cli
