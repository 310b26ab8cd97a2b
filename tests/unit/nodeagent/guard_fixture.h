// A guard of the test's own: the real program, and real processes, which sleep where engines would serve.
#pragma once

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "common/clock.h"
#include "nodeagent/guard/guard_fence.h"

namespace cacheplane::guard {

namespace fs = std::filesystem;
using network::Lease;
using network::SocketAddress;
using std::chrono::milliseconds;

inline constexpr milliseconds kLong{60'000};

class Sleeper {
 public:
  Sleeper() {
    std::string program = "/bin/sleep";
    std::string seconds = "600";
    char* const words[] = {program.data(), seconds.data(), nullptr};
    EXPECT_EQ(posix_spawn(&pid_, program.c_str(), nullptr, nullptr, words, environ), 0);
    const auto stat = ReadProcessStat(pid_);
    if (stat) start_time_ = stat->start_time;
  }
  ~Sleeper() { Kill(); }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  ProcessId id() const { return {pid_, start_time_}; }
  Lease For(milliseconds left) const { return {.end = BootClock::now() + left, .process = id()}; }
  void Freeze() const { kill(pid_, SIGSTOP); }
  void Kill() {
    if (ended_) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    ended_ = true;
  }
  bool Lives() {
    if (!ended_) ended_ = waitpid(pid_, nullptr, WNOHANG) == pid_;
    return !ended_;
  }

 private:
  pid_t pid_ = 0;
  std::uint64_t start_time_ = 0;
  bool ended_ = false;
};

class GuardTest : public testing::Test {
 protected:
  GuardTest() {
    std::string name = (fs::temp_directory_path() / "guard-home-XXXXXX").string();
    home_ = mkdtemp(name.data());
  }
  ~GuardTest() override {
    fence_.reset();
    EndGuard(home_);
    fs::remove_all(home_);
  }

  void Open(const fs::path& program = GUARD_PROGRAM) {
    auto fence = GuardFence::Open(loop_, home_, program);
    ASSERT_TRUE(fence.ok()) << fence.error().message;
    fence_ = std::move(*fence);
  }
  void Guard(const SocketAddress& address, const Lease& lease) {
    const Status status = fence_->Guard({{address, lease}});
    ASSERT_TRUE(status.ok()) << status.error().message;
  }
  bool Until(const std::function<bool()>& condition) {
    const MonoTime end = loop_.now() + milliseconds(10'000);
    const std::function<void()> look = [&] {
      if (condition() || loop_.now() >= end) return loop_.Stop();
      loop_.At(loop_.now() + milliseconds(1), look);
    };
    look();
    if (!condition()) loop_.Run();
    return condition();
  }
  // Whoever listens on the home's socket; 0: nobody.
  pid_t GuardPid() const {
    const int connection = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (home_ / "guard/socket").string();
    std::copy(path.begin(), path.end(), address.sun_path);
    ucred peer{};
    socklen_t size = sizeof peer;
    if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
      getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size);
    }
    close(connection);
    return peer.pid;
  }
  // An agent that guards, and then is killed.
  void GuardByAnAgentThatIsKilled(const Lease& lease) {
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t agent = fork();
    if (agent == 0) {
      agent::EventLoop loop(clock_);
      auto fence = GuardFence::Open(loop, home_, GUARD_PROGRAM);
      const bool guarded = fence.ok() && (*fence)->Guard({{engine_, lease}}).ok();
      if (write(ready[1], guarded ? "y" : "n", 1) == 1) pause();
      _exit(1);
    }
    char answer = 0;
    EXPECT_EQ(read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    close(ready[0]);
    close(ready[1]);
    kill(agent, SIGKILL);
    waitpid(agent, nullptr, 0);
  }

  const SocketAddress engine_{"127.0.0.9", 6379};
  const SocketAddress other_{"127.0.0.10", 6379};
  fs::path home_;
  SystemClock clock_;
  agent::EventLoop loop_{clock_};
  std::unique_ptr<GuardFence> fence_;
};

}  // namespace cacheplane::guard
