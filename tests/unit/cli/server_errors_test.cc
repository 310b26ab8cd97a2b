// Errors of the server and on the way there: text and exit code.
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class ServerErrorsTest : public CommandLineTest {};

TEST_F(ServerErrorsTest, EachCodeHasItsExitCode) {
  const std::vector<std::pair<Error, int>> cases = {
      {NotFound("x"), 3},
      {AlreadyExists("x"), 4},
      {FailedPrecondition("x"), 4},
      {Aborted("x"), 4},
      {{ErrorCode::kDeadlineExceeded, "x"}, 5},
      {Unavailable("x"), 6},
      {InvalidArgument("x"), 7},
      {Unimplemented("x"), 8},
      {Internal("x"), 1},
      {{ErrorCode::kResourceExhausted, "x"}, 1},
  };
  for (const auto& [error, code] : cases) {
    server_.Refuse<v1::GetClusterRequest>(error);
    EXPECT_EQ(Run("cluster describe orders").code, code) << ErrorCodeName(error.code);
  }
}

TEST_F(ServerErrorsTest, MessageIsOneLineOnStandardError) {
  server_.Refuse<v1::GetClusterRequest>(NotFound("cluster \"orders\" does not exist"));
  const Outcome outcome = Run("cluster describe orders -o json");
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "error: NotFound: cluster \"orders\" does not exist\n");
}

TEST_F(ServerErrorsTest, NobodyThereIsUnreachable) {
  const Outcome outcome = Run("cluster list --endpoint 127.0.0.1:1");
  EXPECT_EQ(outcome.code, 6);
  EXPECT_NE(outcome.err.find("hint: is cacheplaned running at 127.0.0.1:1?"), std::string::npos) << outcome.err;
}

TEST_F(ServerErrorsTest, TheFlagWinsOverTheEnvironment) {
  env_["CACHEPLANE_ENDPOINT"] = "127.0.0.1:1";
  EXPECT_EQ(Run("cluster list --endpoint " + server_.endpoint()).code, 0);
  EXPECT_EQ(Run("cluster list").code, 6);
}

TEST_F(ServerErrorsTest, AProxyForTheWebIsNotAsked) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_EQ(Run("cluster list").code, 0);
  unsetenv("http_proxy");
}

}  // namespace
}  // namespace cacheplane::cli
