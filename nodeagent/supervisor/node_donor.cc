// A node that joined copies from a replica, and goes on with the primary once it has what that one has: the primary has
// nothing to fork for (docs/adr/0023).
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "common/log.h"
#include "nodeagent/decide/decide_node.h"
#include "nodeagent/decide/donor.h"
#include "nodeagent/supervisor/node.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

// Short: whoever takes the role of the primary waits for it.
constexpr milliseconds kAnswerWithin{50};
constexpr milliseconds kLook{100};
constexpr milliseconds kLookAgain{5};
bool LooksNear(EngineLink& own, EngineLink& donor) {
  if (!donor.Connect(kAnswerWithin).ok()) return false;
  const auto mine = own.Replication(kAnswerWithin);
  const auto its = donor.Replication(kAnswerWithin);
  return mine.ok() && its.ok() &&
         IsNear({mine->replication_id, mine->replication_offset}, {its->replication_id, its->replication_offset});
}

bool ComesNear(EngineLink& own, const ProbeTarget& target, const std::atomic<bool>& called_off) {
  EngineLink donor(target);
  const auto deadline = std::chrono::steady_clock::now() + kLook;
  while (!LooksNear(own, donor)) {
    if (called_off || std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(kLookAgain);
  }
  return true;
}

}  // namespace

void Node::NoteDonor() {
  const auto info = engine_ ? engine_->info() : std::nullopt;
  const bool from_donor = info && assignment_ && assignment_->donor && info->role == "replica" &&
                          Address{info->primary_address, info->primary_port} == *assignment_->donor;
  const bool idle = from_donor && !info->link_up && !info->loading && !info->syncing;
  if (!idle) return donor_idle_since_.reset();
  if (!donor_idle_since_) donor_idle_since_ = context_.loop.now();
}

Status Node::Carry(const LeaveDonor& step) {
  if (!synced_since_) synced_since_ = context_.loop.now();
  command_under_way_ = true;
  donor_called_off_ = std::make_shared<std::atomic<bool>>(false);
  auto near = std::make_shared<bool>(false);
  const ProbeTarget donor{.address = step.donor, .password = assignment_->internal_password};
  engine_->Run([near, donor, off = donor_called_off_](EngineLink& own) { *near = ComesNear(own, donor, *off); },
               [this, near, step] { AfterDonor(step, *near); });
  return {};
}

// The assignment may have changed meanwhile.
void Node::AfterDonor(const LeaveDonor& step, bool near) {
  command_under_way_ = false;
  donor_called_off_.reset();
  const MonoTime now = context_.loop.now();
  const bool same = assignment_ && DecideNode(*assignment_, View(), now) == Decision(step);
  if (!same || !LeavesDonor(near, *synced_since_, now)) return Reconcile();
  log::Info("{}/{}: goes on with {}:{}", node_, incarnation_, step.primary.host, step.primary.port);
  if (const Status status = Carry(Follow{step.primary, step.epoch, true}); !status.ok()) Fail(status.error());
}

}  // namespace cacheplane::agent
