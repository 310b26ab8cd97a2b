// The agent's program with real engines, and a control plane that the test plays.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <map>
#include <string>
#include <vector>

#include "cache-engine/images/images.h"
#include "cache-engine/resp/client.h"
#include "common/file.h"
#include "tests/unit/nodeagent/agent_program.h"
#include "tests/unit/nodeagent/fake_control_plane.h"

namespace cacheplane::agent {

using Seen = FakeControlPlane::Seen;
using std::chrono::milliseconds;

inline constexpr char kVersion[] = "8.0.1";

// 127.23.<of this process>.<number>: tests of several checkouts can run side by side.
inline std::string AddressOf(int number) {
  return "127.23." + std::to_string(getpid() % 250 + 1) + "." + std::to_string(number);
}

inline v1::Assignment WishFor(int number, const std::string& role) {
  v1::Assignment wish;
  wish.set_node("orders-00" + std::to_string(number));
  wish.set_incarnation("i-" + std::to_string(number));
  wish.set_intent(v1::INTENT_RUN);
  wish.set_epoch(1);
  wish.set_role(role);
  wish.set_boot(1);
  wish.set_address(AddressOf(number));
  wish.set_port(6379);
  if (role == "replica") {
    wish.set_primary_address(AddressOf(1));
    wish.set_primary_port(6379);
  }
  wish.set_engine("valkey");
  wish.set_engine_version(kVersion);
  wish.set_node_memory_bytes(64 << 20);
  wish.set_parameter_group_family("valkey8");
  wish.set_internal_password("internal-secret");
  return wish;
}

inline const v1::NodeFact& Fact(const Seen& seen, int number) {
  static const v1::NodeFact kNone;
  const auto found = seen.nodes.find("i-" + std::to_string(number));
  return found == seen.nodes.end() ? kNone : found->second;
}

inline bool ServesAsPrimary(const Seen& seen, int number, int replicas) {
  const v1::NodeFact& fact = Fact(seen, number);
  int online = 0;
  for (const auto& replica : fact.replicas()) online += replica.state() == "online" ? 1 : 0;
  return fact.process() == v1::PROCESS_STATE_RUNNING && fact.role() == "primary" && online == replicas;
}

inline bool FollowsInSync(const Seen& seen, int number) {
  const v1::NodeFact& fact = Fact(seen, number);
  return fact.process() == v1::PROCESS_STATE_RUNNING && fact.role() == "replica" && fact.link_up();
}

class AgentTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!images::FindImage(images::DefaultRoot(), "valkey", kVersion).ok()) GTEST_SKIP() << "no image of valkey 8.0.1";
    agent_.Start();
  }

  void TearDown() override {
    if (!HasFailure()) return;
    const auto log = ReadFile(agent_.home() / "agent.log");
    if (log.ok()) std::fputs(log->c_str(), stderr);
  }

  void SendAll() {
    v1::AssignmentSet set;
    set.set_revision(++revision_);
    for (const auto& [number, wish] : wishes_) *set.add_assignments() = wish;
    control_.SendWhole(set);
  }

  // One primary (1) and two replicas (2, 3).
  bool GivenShard() {
    wishes_ = {{1, WishFor(1, "primary")}, {2, WishFor(2, "replica")}, {3, WishFor(3, "replica")}};
    SendAll();
    return AwaitShard();
  }
  bool AwaitShard() {
    return control_.Await([](const Seen& seen) {
      return ServesAsPrimary(seen, 1, 2) && FollowsInSync(seen, 2) && FollowsInSync(seen, 3);
    });
  }
  bool GivenPrimary() {
    wishes_ = {{1, WishFor(1, "primary")}};
    SendAll();
    return control_.Await([](const Seen& seen) { return ServesAsPrimary(seen, 1, 0); });
  }

  pid_t PidOf(int number) { return static_cast<pid_t>(Fact(control_.Look(), number).pid()); }
  void Kill(int number) { kill(PidOf(number), SIGKILL); }

  // What the engine answers, "" for nil, "!…" when it does not.
  static std::string Ask(int number, const std::vector<std::string>& command) {
    const auto client = resp::Client::Connect(AddressOf(number), 6379, milliseconds(2000));
    if (!client.ok()) return "!" + client.error().message;
    const auto login = (*client)->Call({"AUTH", "cacheplane", "internal-secret"}, milliseconds(2000));
    const auto reply = (*client)->Call(command, milliseconds(2000));
    return reply.ok() ? reply->text : "!" + reply.error().message;
  }

  // A control plane that has seen the primary down permits one more start.
  void PermitBoot() {
    wishes_[1].set_boot(wishes_[1].boot() + 1);
    wishes_[1].set_epoch(wishes_[1].epoch() + 1);
    for (auto& [number, wish] : wishes_) wish.set_epoch(wishes_[1].epoch());
    SendAll();
  }

  FakeControlPlane control_;
  AgentProgram agent_{control_.address()};
  std::map<int, v1::Assignment> wishes_;
  std::uint64_t revision_ = 0;
};

}  // namespace cacheplane::agent
