// Crash enumeration: each way in which a cluster changes is carried out once undisturbed, and then again
// with the control plane killed before and after each of its commits, and with an agent killed at each of its effects.
// Every time it must end as it does undisturbed: who is primary may differ, nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "cache-engine/catalog/catalog.h"
#include "tests/sim/world.h"

namespace cacheplane::sim {
namespace {

enum class Change {
  kFailover,
  kSwitchover,
  kTestFailover,
  kRepair,
  kRestore,
  kUpgrade,
  kTightUpgrade,  // no host has room for a spare node
  kReboot,
  kDrain,
  kRelocate,  // to another port
  kUpdate,    // to a newer patch level, in the maintenance window
  kBadUpgrade,
  kCancel,  // of an upgrade
  kGrow,
  kShrink,
  kStop  // and started again
};

const char* const kNames[] = {"failover",      "switchover", "test failover", "repair",     "restore", "upgrade",
                              "tight upgrade", "reboot",     "drain",         "relocation", "update",  "bad upgrade",
                              "cancel",        "grow",       "shrink",        "stop"};

constexpr char kPatched[] = "8.0.2";
constexpr char kOpenWindow[] = "fri:07:30-fri:09:30";  // of the simulator's first moments

// Where one run is disturbed; each counts from 1 from the beginning of the change, 0: never.
struct Disturbance {
  std::uint64_t before_commit = 0;
  std::uint64_t after_commit = 0;
  std::uint64_t effect = 0;
  std::uint64_t cancelled_after = 3;  // commits; Change::kCancel
};

struct Outcome {
  std::string wrong;
  model::OperationStatus operation = model::OperationStatus::kSucceeded;
  bool cancel_refused = false;
  bool primary_changed = false;
  std::uint64_t lost = 0;
  std::uint64_t commits = 0;
  std::uint64_t effects = 0;
};

class Story {
 public:
  explicit Story(Change change) : change_(change), world_(7, World::Kind::kStaged, false) {}

  Outcome Tell(const Disturbance& disturbance) {
    world_.Begin();
    if (change_ == Change::kTightUpgrade) LeaveNoRoom();
    service::ClusterDraft draft;
    draft.node_type = "cache.t4g.small";
    draft.engine_version = "8.0";
    draft.replicas_per_shard = 2;
    draft.multi_az = true;
    if (change_ == Change::kUpdate) draft.maintenance_window = kOpenWindow;
    world_.Add({.kind = Wish::Kind::kCreate, .name = "orders", .draft = draft, .request_id = "create"});
    if (!UntilRight()) return {.wrong = "was not even created: " + world_.WhyNotRight()};
    // Clients write for a while, and whoever was late has caught up.
    world_.RunUntil(2000, [] { return false; });
    const model::Node before = Primary();
    Arm(disturbance);
    const std::uint64_t first_commit = store().writes;
    Begin(before);
    if (change_ == Change::kCancel) CancelAfter(first_commit + disturbance.cancelled_after);
    const bool right = UntilRight();
    Outcome outcome;
    outcome.wrong = right ? "" : world_.oracle().failure() + world_.WhyNotRight();
    outcome.commits = store().writes - first_commit;
    outcome.effects = effects_;
    outcome.primary_changed = Primary().name != before.name;
    outcome.lost = world_.oracle().lost;
    outcome.operation = LatestOperation();
    outcome.cancel_refused = cancel_refused_;
    return outcome;
  }

 private:
  FaultyStore& store() { return world_.control_plane().store; }

  void Arm(const Disturbance& disturbance) {
    if (disturbance.before_commit != 0) store().die_before = store().writes + disturbance.before_commit;
    if (disturbance.after_commit != 0) store().die_after = store().writes + disturbance.after_commit;
    world_.reality().effect = [this, disturbance](Host& host, const std::string&) {
      if (++effects_ == disturbance.effect) world_.KillAgent(host, 200, true);
    };
  }

  void Begin(const model::Node& primary) {
    Host& host = world_.reality().HostOf(primary.agent.str());
    switch (change_) {
      case Change::kFailover: return world_.KillEngine(host, primary.incarnation.str(), false);
      case Change::kSwitchover:
        return world_.Add({.kind = Wish::Kind::kSwitchover, .name = "orders", .request_id = "change"});
      case Change::kTestFailover:
        return world_.Add({.kind = Wish::Kind::kTestFailover, .name = "orders", .request_id = "change"});
      case Change::kBadUpgrade: world_.reality().newest = Reality::Illness::kEnds; [[fallthrough]];
      case Change::kTightUpgrade:
      case Change::kCancel:
      case Change::kUpgrade:
        return world_.Add({.kind = Wish::Kind::kUpgrade, .name = "orders", .request_id = "change"});
      case Change::kReboot: return world_.Add({.kind = Wish::Kind::kReboot, .name = "orders", .request_id = "change"});
      case Change::kDrain:
        return world_.Add({.kind = Wish::Kind::kDrain, .name = primary.agent.str(), .request_id = "change"});
      case Change::kStop: return world_.Add({.kind = Wish::Kind::kStop, .name = "orders", .request_id = "change"});
      case Change::kUpdate: return OfferNewerPatchLevel();
      case Change::kRelocate: return Scale(2, 6380);
      case Change::kGrow: return Scale(3);
      case Change::kShrink: return Scale(1);
      case Change::kRepair: return KillReplica();
      case Change::kRestore: return LoseAll();
    }
  }

  // Each host takes one node and no other.
  void LeaveNoRoom() {
    for (auto& [name, host] : world_.reality().hosts) {
      host.offer.memory_bytes = catalog::FindNodeType("cache.t4g.small")->memory_bytes;
    }
  }

  // As an operator does it: the image is unpacked on each host, and its agent is started anew.
  void OfferNewerPatchLevel() {
    offered_ = true;
    for (auto& [name, host] : world_.reality().hosts) {
      host.offer.images.push_back({"valkey", kPatched});
      world_.KillAgent(host, 50, true);
    }
  }

  bool AnyNodeIs(std::string_view version) {
    const std::vector<model::Node> nodes = Nodes();
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const model::Node& node) { return node.image_version == version; });
  }

  // That it cannot be cancelled any more is an answer, and it may end by itself before.
  void CancelAfter(std::uint64_t commit) {
    ControlPlane& control_plane = world_.control_plane();
    bool answered = false;
    world_.RunUntil(20'000, [&] {
      if (store().writes < commit || !control_plane.up()) return false;
      control_plane.In([&] {
        const std::string operation = control_plane.service()->GetCluster("orders")->cluster.operation.str();
        if (operation.empty()) return;
        cancel_refused_ = !control_plane.operations()->CancelOperation(operation).ok();
        answered = true;
      });
      return answered;
    });
  }

  void Scale(int replicas, int port = 6379) {
    Wish wish{.kind = Wish::Kind::kScale, .name = "orders"};
    wish.request_id = "change";
    wish.draft.replicas_per_shard = replicas;
    wish.draft.port = port;
    world_.Add(wish);
  }

  void KillReplica() {
    for (const model::Node& node : Nodes()) {
      if (node.role == model::Role::kPrimary) continue;
      Host& host = world_.reality().HostOf(node.agent.str());
      return world_.KillEngine(host, node.incarnation.str(), false);
    }
  }

  // A replica alone has saved lately.
  void LoseAll() {
    for (const model::Node& node : Nodes()) {
      if (node.role == model::Role::kPrimary) continue;
      world_.reality().Save(world_.reality().HostOf(node.agent.str()).engines.at(node.incarnation.str()));
      break;
    }
    world_.LoseEverything(100);
  }

  // Nobody is asked for an update: that it has not begun yet looks right, too.
  bool Begun() { return change_ != Change::kUpdate || !offered_ || !AnyNodeIs(kOlderVersion); }

  // Right, and so for long enough that nothing is still under way.
  bool UntilRight() {
    std::optional<std::int64_t> since;
    return world_.RunUntil(60'000, [&] {
      if (!Begun() || !world_.WhyNotRight().empty()) {
        since.reset();
        return false;
      }
      if (!since) since = world_.schedule().millis();
      return world_.schedule().millis() - *since >= 1500;
    });
  }

  std::vector<model::Node> Nodes() {
    std::vector<model::Node> nodes;
    world_.control_plane().disk.Read([&](ports::Transaction& tx) { nodes = tx.plan().AllNodes(); });
    return nodes;
  }

  model::Node Primary() {
    for (const model::Node& node : Nodes()) {
      if (node.role == model::Role::kPrimary) return node;
    }
    return {};
  }

  model::OperationStatus LatestOperation() {
    model::OperationStatus status = model::OperationStatus::kSucceeded;
    world_.control_plane().disk.Read([&](ports::Transaction& tx) {
      const auto operations = tx.journal().Operations("orders", {"", 1});
      if (!operations.empty()) status = operations.front().status;
    });
    return status;
  }

  const Change change_;
  World world_;
  std::uint64_t effects_ = 0;
  bool offered_ = false;
  bool cancel_refused_ = false;  // while the operation was under way
};

class CrashEnumeration : public testing::TestWithParam<Change> {
 protected:
  static void Check(const Disturbance& disturbance, const Outcome& undisturbed) {
    const Outcome outcome = Story(GetParam()).Tell(disturbance);
    const std::string where = std::string(kNames[static_cast<int>(GetParam())]) + ", before commit " +
                              std::to_string(disturbance.before_commit) + ", after commit " +
                              std::to_string(disturbance.after_commit) + ", at effect " +
                              std::to_string(disturbance.effect);
    EXPECT_EQ(outcome.wrong, "") << where;
    EXPECT_NE(outcome.operation, model::OperationStatus::kRunning) << where;
    const bool control_plane = disturbance.effect == 0;
    const bool loses_nothing =
        GetParam() == Change::kSwitchover || GetParam() == Change::kRepair || GetParam() >= Change::kUpgrade;
    EXPECT_TRUE(!loses_nothing || outcome.lost == 0) << where << " lost " << outcome.lost << " writes";
    // An agent that dies may keep a handover from succeeding, or cost the process that it would have looked after; a
    // control plane that dies changes nothing of the end.
    if (!control_plane) return;
    EXPECT_EQ(outcome.operation, undisturbed.operation) << where;
    EXPECT_EQ(outcome.primary_changed, undisturbed.primary_changed) << where;
  }
};

TEST_P(CrashEnumeration, EndsAsItDoesUndisturbed) {
  const Outcome undisturbed = Story(GetParam()).Tell({});
  ASSERT_EQ(undisturbed.wrong, "");
  const bool stays = GetParam() == Change::kRepair || GetParam() >= Change::kBadUpgrade;
  EXPECT_EQ(undisturbed.primary_changed, !stays);
  const bool goes_back = GetParam() == Change::kBadUpgrade || GetParam() == Change::kCancel;
  EXPECT_EQ(undisturbed.operation, goes_back ? model::OperationStatus::kFailed : model::OperationStatus::kSucceeded);
  ASSERT_GT(undisturbed.commits, 1U);
  ASSERT_GT(undisturbed.effects, 0U);
  for (std::uint64_t n = 1; n <= undisturbed.commits; ++n) {
    Check({.before_commit = n}, undisturbed);
    Check({.after_commit = n}, undisturbed);
  }
  for (std::uint64_t n = 1; n <= undisturbed.effects; ++n) Check({.effect = n}, undisturbed);
  RecordProperty("runs", static_cast<int>(2 * undisturbed.commits + undisturbed.effects));
}

// Whichever moment it is, a cluster is as before or as asked for, with everything in it.
TEST(CancelledUpgrade, EndsRightWheneverItIsCancelled) {
  const Outcome upgraded = Story(Change::kUpgrade).Tell({});
  int cancelled = 0;
  int refused = 0;
  for (std::uint64_t n = 1; n <= upgraded.commits; ++n) {
    const Outcome outcome = Story(Change::kCancel).Tell({.cancelled_after = n});
    EXPECT_EQ(outcome.wrong, "") << "cancelled after commit " << n;
    EXPECT_EQ(outcome.lost, 0U) << "cancelled after commit " << n;
    EXPECT_NE(outcome.operation, model::OperationStatus::kRunning) << "cancelled after commit " << n;
    EXPECT_TRUE(!outcome.cancel_refused || outcome.operation == model::OperationStatus::kSucceeded);
    cancelled += outcome.operation == model::OperationStatus::kFailed ? 1 : 0;
    refused += outcome.cancel_refused ? 1 : 0;
  }
  EXPECT_GT(cancelled, 3);
  EXPECT_GT(refused, 0) << "there is a point of no return";
}

std::string NameOf(const testing::TestParamInfo<Change>& change) {
  std::string name = kNames[static_cast<int>(change.param)];
  std::erase(name, ' ');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Changes, CrashEnumeration,
                         testing::Values(Change::kFailover, Change::kSwitchover, Change::kTestFailover, Change::kRepair,
                                         Change::kRestore, Change::kUpgrade, Change::kTightUpgrade, Change::kReboot,
                                         Change::kDrain, Change::kRelocate, Change::kUpdate, Change::kBadUpgrade,
                                         Change::kCancel, Change::kGrow, Change::kShrink, Change::kStop),
                         NameOf);

}  // namespace
}  // namespace cacheplane::sim
