// Stops that do not end as they should, and what counts as saved after them.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "common/file.h"
#include "common/slot_file.h"
#include "nodeagent/network/reset.h"
#include "tests/unit/nodeagent/agent_fixture.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

bool IsStopped(const Seen& seen, int number) { return Fact(seen, number).process() == v1::PROCESS_STATE_STOPPED; }

// With no agent there to see it.
bool KillAndAwaitEnd(const AgentProgram& agent, pid_t pid) {
  kill(pid, SIGKILL);
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!agent.Engines().empty() && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(milliseconds(2));
  }
  return agent.Engines().empty();
}

// Listens where a node should.
class Occupant {
 public:
  explicit Occupant(int number) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(6379);
    inet_pton(AF_INET, AddressOf(number).c_str(), &address.sin_addr);
    listens_ =
        bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && listen(socket_, 1) == 0;
  }
  ~Occupant() { close(socket_); }
  Occupant(const Occupant&) = delete;
  Occupant& operator=(const Occupant&) = delete;
  bool listens() const { return listens_; }

 private:
  int socket_;
  bool listens_ = false;
};

TEST_F(AgentTest, RefusedStopLeavesNothingThatALaterSaveCouldBeTakenFor) {
  ASSERT_TRUE(GivenPrimary());
  const fs::path data = agent_.NodeFile("orders-001", "i-1/data");
  fs::permissions(data, fs::perms::owner_write, fs::perm_options::remove);
  wishes_[1].set_intent(v1::INTENT_HOLD);
  SendAll();
  ASSERT_TRUE(control_.Await(
      [](const Seen& seen) { return Fact(seen, 1).problem().find("cannot save") != std::string::npos; }));
  wishes_[1].set_intent(v1::INTENT_RUN);
  SendAll();
  ASSERT_TRUE(control_.Await([&](const Seen& seen) {
    return seen.revision == revision_ && ServesAsPrimary(seen, 1, 0) && Fact(seen, 1).problem().empty();
  }));
  const pid_t pid = PidOf(1);
  agent_.Stop(SIGKILL);
  fs::permissions(data, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(data / "dump.rdb") << "as a full synchronisation leaves it";
  ASSERT_TRUE(KillAndAwaitEnd(agent_, pid));
  agent_.Start();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return seen.sessions == 2 && IsStopped(seen, 1); }));
  EXPECT_EQ(Fact(control_.Look(), 1).clean_stop_epoch(), 0U);
  EXPECT_FALSE(fs::exists(agent_.NodeFile("orders-001", "engine.pid"))) << "it died while nobody watched";
}

// An agent that died while the engine refused finds it alive, and nothing else tells it what became of the stop.
TEST_F(AgentTest, AdoptedEngineThatAnswersIsUnderNoStop) {
  ASSERT_TRUE(GivenPrimary());
  agent_.Stop(SIGKILL);
  const fs::path file = agent_.NodeFile("orders-001", "i-1/state.json");
  const std::string none = "\"save_requested_ms\": 0";
  std::string state = ReadSlots(file).value();
  ASSERT_NE(state.find(none), std::string::npos);
  state.replace(state.find(none), none.size(), "\"save_requested_ms\": 1");
  std::ofstream(file) << state;
  agent_.Start();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return seen.sessions == 2 && ServesAsPrimary(seen, 1, 0); }));
  const pid_t pid = PidOf(1);
  agent_.Stop(SIGKILL);
  EXPECT_NE(ReadSlots(file).value().find(none), std::string::npos);
  std::ofstream(agent_.NodeFile("orders-001", "i-1/data/dump.rdb")) << "of no stop";
  ASSERT_TRUE(KillAndAwaitEnd(agent_, pid));
  agent_.Start();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return seen.sessions == 3 && IsStopped(seen, 1); }));
  EXPECT_EQ(Fact(control_.Look(), 1).clean_stop_epoch(), 0U);
}

// As when a fence resets connections because a lease had lapsed: whoever asks finds out by asking.
TEST_F(AgentTest, AStopThatIsLostWithItsConnectionIsAskedForAgain) {
  ASSERT_TRUE(GivenPrimary());
  // The kernel resets the connections of others for CAP_NET_ADMIN alone.
  if (const Status reset = network::ResetConnections({AddressOf(1), 6379}); !reset.ok()) {
    GTEST_SKIP() << "no privilege to reset connections: " << reset.error().message;
  }
  wishes_[1].set_intent(v1::INTENT_HOLD);
  SendAll();
  EXPECT_TRUE(control_.Await([](const Seen& seen) {
    return IsStopped(seen, 1) && Fact(seen, 1).clean_stop_epoch() == 1;
  })) << Fact(control_.Look(), 1).problem();
}

TEST_F(AgentTest, StartThatFailsLosesNoSavedData) {
  ASSERT_TRUE(GivenPrimary());
  ASSERT_EQ(Ask(1, {"SET", "city", "Bern"}), "OK");
  wishes_[1].set_intent(v1::INTENT_HOLD);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return Fact(seen, 1).clean_stop_epoch() == 1; }));
  wishes_[1].set_intent(v1::INTENT_RUN);
  {
    const Occupant occupant(1);
    ASSERT_TRUE(occupant.listens());
    PermitBoot();
    ASSERT_TRUE(control_.Await([](const Seen& seen) {
      return Fact(seen, 1).boot() == 2 && IsStopped(seen, 1) &&
             Fact(seen, 1).exit_reason().find("exit status") != std::string::npos;
    }));
    EXPECT_EQ(Fact(control_.Look(), 1).clean_stop_epoch(), 1U);
  }
  PermitBoot();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  EXPECT_EQ(Ask(1, {"GET", "city"}), "Bern");
  EXPECT_EQ(Fact(control_.Look(), 1).clean_stop_epoch(), 0U);
}

TEST_F(AgentTest, DataThatWereSetAsideComeBackWhenAPermitNamesThem) {
  ASSERT_TRUE(GivenPrimary());
  ASSERT_EQ(Ask(1, {"SET", "city", "Bern"}), "OK");
  ASSERT_EQ(Ask(1, {"SAVE"}), "OK");
  Kill(1);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return IsStopped(seen, 1) && Fact(seen, 1).has_saved(); }));
  const std::string data = Fact(control_.Look(), 1).saved().id();
  EXPECT_GT(Fact(control_.Look(), 1).saved().as_of_ms(), 1'700'000'000'000);
  PermitBoot();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  EXPECT_EQ(Ask(1, {"GET", "city"}), "");
  Kill(1);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return IsStopped(seen, 1) && Fact(seen, 1).starts() == 2; }));
  EXPECT_EQ(Fact(control_.Look(), 1).saved().id(), data);
  wishes_[1].set_restore("another file");
  PermitBoot();
  ASSERT_TRUE(control_.Await(
      [](const Seen& seen) { return Fact(seen, 1).problem().find("are not here") != std::string::npos; }));
  wishes_[1].set_restore(data);
  PermitBoot();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); }));
  EXPECT_EQ(Ask(1, {"GET", "city"}), "Bern");
}

// An empty engine that nobody had opened, and that followed nobody who lives, says nothing about the shard.
TEST_F(AgentTest, CleanStopOfAnEngineThatTookNoPartGivesNoSavedDataUp) {
  ASSERT_TRUE(GivenShard());
  ASSERT_EQ(Ask(1, {"SET", "city", "Bern"}), "OK");
  Ask(1, {"WAIT", "1", "2000"});
  ASSERT_EQ(Ask(2, {"GET", "city"}), "Bern");
  ASSERT_EQ(Ask(2, {"SAVE"}), "OK");
  Kill(1);
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return IsStopped(seen, 1); }));
  const auto before = Fact(control_.Look(), 2).pid();
  Kill(2);
  ASSERT_TRUE(control_.Await([&](const Seen& seen) {
    const auto& fact = Fact(seen, 2);
    return fact.process() == v1::PROCESS_STATE_RUNNING && fact.pid() != before && fact.has_saved();
  }));
  const std::string data = Fact(control_.Look(), 2).saved().id();
  EXPECT_EQ(Ask(2, {"GET", "city"}), "");
  wishes_[2].set_intent(v1::INTENT_HOLD);
  SendAll();
  ASSERT_TRUE(
      control_.Await([](const Seen& seen) { return IsStopped(seen, 2) && Fact(seen, 2).clean_stop_epoch() != 0; }));
  EXPECT_EQ(Fact(control_.Look(), 2).saved().id(), data);
}

TEST_F(AgentTest, PrimaryWithoutAPermitIsReportedAndNothingIsMade) {
  wishes_ = {{1, WishFor(1, "primary")}};
  wishes_[1].set_boot(0);
  SendAll();
  ASSERT_TRUE(control_.Await([](const Seen& seen) { return seen.nodes.contains("i-1"); }));
  const Seen seen = control_.Look();
  EXPECT_TRUE(IsStopped(seen, 1));
  EXPECT_EQ(Fact(seen, 1).boot(), 0U);
  EXPECT_EQ(Fact(seen, 1).starts(), 0U);
  EXPECT_FALSE(fs::exists(agent_.NodeFile("orders-001", "")));
}

TEST_F(AgentTest, DrainDoesNotWaitForANodeThatItCannotRead) {
  ASSERT_TRUE(GivenShard());
  EXPECT_EQ(agent_.Stop(SIGTERM), 0);
  std::ofstream(agent_.NodeFile("orders-002", "i-2/state.json")) << "damaged";
  EXPECT_EQ(agent_.Drain(), 1);
  EXPECT_EQ(agent_.Engines().size(), 1U);
}

}  // namespace
}  // namespace cacheplane::agent
