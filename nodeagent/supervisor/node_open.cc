// An incarnation that is open for writes, or about to be, and who is asked about that.
#include <chrono>
#include <utility>

#include "common/log.h"
#include "nodeagent/supervisor/node.h"

namespace cacheplane::agent {
namespace {

constexpr std::chrono::milliseconds kAskAgain{20};

}  // namespace

bool Node::FoundOpen() const {
  return engine_ && engine_->stage() == ProcessStage::kAlive && engine_->info() && engine_->info()->role == "primary";
}

bool Node::AssignedPrimary() const {
  return assignment_ && assignment_->intent == Intent::kRun && assignment_->role == Role::kPrimary;
}

bool Node::HandsOver() const {
  return assignment_ && assignment_->intent == Intent::kRun && assignment_->hand_over &&
         assignment_->epoch >= saved_.epoch;
}

std::optional<OpenPrimary> Node::AsOpenPrimary() const {
  const bool alive = engine_ && engine_->stage() == ProcessStage::kAlive;
  // Of one that no assignment names nothing is known but its process.
  if (!alive || !assignment_ || (!AssignedPrimary() && !FoundOpen())) return std::nullopt;
  const bool deposed = assignment_->intent == Intent::kRun && assignment_->role == Role::kReplica;
  return OpenPrimary{.incarnation = incarnation_,
                     .epoch = AssignedPrimary() || HandsOver() ? assignment_->epoch : saved_.epoch,
                     .listen = assignment_->listen,
                     .internal_password = assignment_->internal_password,
                     .leased = deposed ? !assignment_->peers.empty() : assignment_->leased,
                     .alone = AssignedPrimary() && !assignment_->leased,
                     .unproven = AssignedPrimary() && !assignment_->proven,
                     .peers = assignment_->peers};
}

bool Node::MayBeOpenAt(const Address& address) const {
  if (!engine_ || engine_->stage() != ProcessStage::kAlive || engine_->address() != address) return false;
  return may_be_open_ || !engine_->info() || engine_->info()->role != "replica";
}

bool Node::MayOpen() {
  const Status may = context_.hooks.may_open ? context_.hooks.may_open(*assignment_) : Status();
  if (may.ok()) {
    may_be_open_ = true;
    return true;
  }
  if (std::exchange(failure_, may.error().message) != may.error().message) {
    log::Info("{}/{}: not opened: {}", node_, incarnation_, failure_);
    context_.changed(*this);
  }
  pause_until_ = context_.loop.now() + kAskAgain;
  ReconcileAt(pause_until_);
  return false;
}

void Node::NoteOpenness() {
  const bool alive = engine_ && engine_->stage() == ProcessStage::kAlive;
  const bool open = FoundOpen() || (alive && ((may_be_open_ && AssignedPrimary()) || saved_.admitted_epoch != 0));
  if (std::exchange(may_be_open_, open) && !open && context_.hooks.closed) context_.hooks.closed(incarnation_);
}

}  // namespace cacheplane::agent
