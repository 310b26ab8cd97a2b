// The program itself, killed and started again, with real sockets and rules.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>

#include "common/file.h"
#include "common/random_id.h"
#include "nodeagent/network/kernel_path.h"
#include "nodeagent/network/map_file.h"
#include "nodeagent/network/switch_notice.h"
#include "tests/unit/router/control_plane_double.h"
#include "tests/unit/router/support.h"

extern char** environ;

namespace cacheplane::router {
namespace {

using network::Answers;
using network::At;
using network::Client;
using network::EndpointMap;
using network::Eventually;
using network::NamedEcho;
using network::SocketAddress;

// A running child, killed at the end.
class Process {
 public:
  explicit Process(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), CACHEPLANE_ROUTER_PROGRAM);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    EXPECT_EQ(posix_spawn(&pid_, CACHEPLANE_ROUTER_PROGRAM, nullptr, nullptr, pointers.data(), environ), 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() { End(SIGKILL); }

  // The exit status, or minus the signal.
  int End(int signal) {
    if (pid_ <= 0) return 0;
    if (signal != 0) kill(pid_, signal);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
};

class ProgramTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const bool isolated = network::WhyNoPrivateNetwork().empty();
    if (GetParam() == "kernel" && (!isolated || !network::KernelPath::Open(table_).ok())) {
      GTEST_SKIP() << "KERNEL PATH NOT TESTED, needs root and nftables: " << network::WhyNoPrivateNetwork();
    }
    std::filesystem::create_directories(home_);
  }
  void TearDown() override {
    std::filesystem::remove_all(home_);
    if (GetParam() == "kernel") {
      EXPECT_EQ(Process({"--remove-table", "--table", table_}).End(0), 0);
    }
  }

  std::vector<std::string> Arguments(const std::string& control_plane) const {
    return {"--name",      "router-a", "--control-plane", control_plane, "--home",      home_.string(),
            "--data-path", GetParam(), "--table",         table_,        "--log-level", "error"};
  }

  const std::string table_ = "cacheplane_program_test";
  const std::filesystem::path home_ = std::filesystem::temp_directory_path() / ("router-program-" + RandomHex(6));
  const SocketAddress endpoint_ = At(1, 6379);
  const SocketAddress at_a_ = At(11, 7001);
  const SocketAddress at_b_ = At(12, 7002);
};

TEST_P(ProgramTest, ServesReportsAndRepoints) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  ControlPlaneDouble control_plane("");
  const Process router(Arguments(control_plane.address()));
  control_plane.Publish({1, {{endpoint_, {at_a_}}}});
  ASSERT_TRUE(control_plane.WaitFor([&](const RouterFacts& facts) { return facts == RouterFacts{GetParam(), 1, ""}; }));
  EXPECT_EQ(Client(endpoint_).Greeting(), "a");
  control_plane.Publish({2, {{endpoint_, {at_b_}}}});
  ASSERT_TRUE(control_plane.WaitFor([](const RouterFacts& facts) { return facts.map_version == 2; }));
  EXPECT_EQ(Client(endpoint_).Greeting(), "b");
  control_plane.Publish({1, {{endpoint_, {at_a_}}}});
  ASSERT_TRUE(control_plane.WaitFor([](const RouterFacts& facts) { return !facts.problem.empty(); }));
  EXPECT_EQ(Client(endpoint_).Greeting(), "b");
}

TEST_P(ProgramTest, SwitchesWhatIsArmedWhenAnAgentSaysSo) {
  const NamedEcho a("a", at_a_);
  const NamedEcho b("b", at_b_);
  const network::ArmedSwitch armed{at_b_, 17};
  ASSERT_TRUE(ReplaceFile(home_ / "token", "secret").ok());
  ControlPlaneDouble control_plane("secret");
  std::vector<std::string> arguments = Arguments(control_plane.address());
  arguments.insert(arguments.end(), {"--token-file", home_ / "token"});
  const Process router(arguments);
  control_plane.Publish({1, {{endpoint_, {at_a_}}}, {{endpoint_, armed}}});
  ASSERT_TRUE(control_plane.WaitFor([](const RouterFacts& facts) { return facts.map_version == 1; }));
  EXPECT_EQ(Client(endpoint_).Greeting(), "a");
  TellRouters({control_plane.SwitchAddress()}, armed, home_ / "token", std::chrono::seconds(20));
  EXPECT_EQ(Client(endpoint_).Greeting(), "b");
}

TEST_P(ProgramTest, KilledAndStartedAgainItServesFromDiskWithoutAControlPlane) {
  const NamedEcho a("a", at_a_);
  {
    ControlPlaneDouble control_plane("");
    Process router(Arguments(control_plane.address()));
    control_plane.Publish({1, {{endpoint_, {at_a_}}}});
    ASSERT_TRUE(control_plane.WaitFor([](const RouterFacts& facts) { return facts.map_version == 1; }));
    ASSERT_EQ(router.End(SIGKILL), -SIGKILL);
  }
  if (GetParam() == "kernel") {
    EXPECT_EQ(Client(endpoint_).Greeting(), "a");
    // As after the host's own restart.
    ASSERT_TRUE(network::RemoveTable(table_).ok());
  }
  const auto start = std::chrono::steady_clock::now();
  Process router(Arguments("127.0.0.1:1"));
  EXPECT_TRUE(Eventually([&] { return Client(endpoint_).Greeting() == "a"; }));
  const std::chrono::duration<double, std::milli> away = std::chrono::steady_clock::now() - start;
  std::printf("%s: served %.1f ms after its start\n", GetParam().c_str(), away.count());
  EXPECT_EQ(router.End(SIGTERM), 0);
  if (GetParam() == "kernel") {
    EXPECT_EQ(Client(endpoint_).Greeting(), "a");
  }
}

INSTANTIATE_TEST_SUITE_P(, ProgramTest, ::testing::Values("kernel", "proxy"),
                         [](const auto& each) { return each.param; });

TEST(RouterProgram, RefusesNonsense) {
  EXPECT_NE(Process({"--table", "a;flush ruleset", "--home", "/tmp"}).End(0), 0);
  EXPECT_NE(Process({"--data-path", "teleport"}).End(0), 0);
  EXPECT_NE(Process({}).End(0), 0);
}

}  // namespace
}  // namespace cacheplane::router
