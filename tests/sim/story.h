// One way in which a cluster changes, told once: undisturbed, or with somebody killed at one of its commits or effects.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/world.h"

namespace cacheplane::sim {

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
  kStop,  // and started again
  kQueue  // replicas are asked for while an upgrade is under way
};

inline constexpr const char* kChangeNames[] = {
    "failover",   "switchover", "test failover", "repair", "restore", "upgrade", "tight upgrade", "reboot", "drain",
    "relocation", "update",     "bad upgrade",   "cancel", "grow",    "shrink",  "stop",          "queue"};

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
  bool waited = false;  // the latest operation, for its turn
  bool primary_changed = false;
  std::uint64_t lost = 0;
  std::uint64_t commits = 0;
  std::uint64_t effects = 0;
};

class Story {
 public:
  explicit Story(Change change) : change_(change), world_(7, World::Kind::kStaged, false) {}

  Outcome Tell(const Disturbance& disturbance);

 private:
  FaultyStore& store() { return world_.control_plane().store; }

  void Arm(const Disturbance& disturbance);
  void Begin(const model::Node& primary);
  // Each host takes one node and no other.
  void LeaveNoRoom();
  // As an operator does it: the image is unpacked on each host, and its agent is started anew.
  void OfferNewerPatchLevel();
  bool AnyNodeIs(std::string_view version);
  // That it cannot be cancelled any more is an answer, and it may end by itself before.
  void CancelAfter(std::uint64_t commit);
  void UpgradeAndGrow();
  void Scale(int replicas, int port = 6379);
  void KillReplica();
  // A replica alone has saved lately.
  void LoseAll();
  // That it has not begun yet looks right, too.
  bool Begun();
  // Right, and so for long enough that nothing is still under way.
  bool UntilRight();
  model::Cluster Find();
  std::vector<model::Node> Nodes();
  model::Node Primary();
  std::optional<model::Operation> LatestOperation();

  const Change change_;
  World world_;
  std::uint64_t effects_ = 0;
  bool asked_ = false;
  bool offered_ = false;
  bool cancel_refused_ = false;  // while the operation was under way
};

}  // namespace cacheplane::sim
