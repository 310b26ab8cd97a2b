#include "controlplane/agents/lease_book.h"

#include <algorithm>
#include <utility>

namespace cacheplane::agents {
namespace {

MonoTime EndOf(MonoTime asked) { return asked + kLeaseDuration + kLeaseMargin; }

}  // namespace

LeaseBook::LeaseBook(const Clock& clock) : clock_(clock), unknown_until_(EndOf(clock.Mono())) {}

std::chrono::milliseconds LeaseBook::LeftOf(const model::Incarnation& incarnation) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(incarnation);
  return (found == entries_.end() ? unknown_until_ : found->second.until) - clock_.Mono();
}

bool LeaseBook::Close(const model::Incarnation& incarnation, model::Epoch epoch) {
  const std::lock_guard lock(mutex_);
  Entry& entry = EntryOf(incarnation);
  if (entry.until > clock_.Mono()) return false;
  entry.before = std::exchange(entry.closed, std::max(entry.closed, epoch));
  return true;
}

void LeaseBook::Reopen(const model::Incarnation& incarnation, model::Epoch epoch) {
  const std::lock_guard lock(mutex_);
  Entry& entry = EntryOf(incarnation);
  if (entry.closed == epoch) entry.closed = entry.before;
}

void LeaseBook::Assume(const model::Incarnation& incarnation) {
  const std::lock_guard lock(mutex_);
  EntryOf(incarnation).until = EndOf(clock_.Mono());
}

void LeaseBook::Keep(const std::set<model::Incarnation>& planned) {
  const std::lock_guard lock(mutex_);
  const MonoTime now = clock_.Mono();
  std::erase_if(entries_, [&](const auto& entry) {
    return !planned.contains(entry.first) && entry.second.until + kLeaseRemembered < now;
  });
}

std::size_t LeaseBook::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

bool LeaseBook::Grant(const model::Incarnation& incarnation, model::Epoch epoch, MonoTime asked) {
  const std::lock_guard lock(mutex_);
  Entry& entry = EntryOf(incarnation);
  if (epoch <= entry.closed) return false;
  entry.until = std::max(entry.until, EndOf(asked));
  return true;
}

LeaseBook::Entry& LeaseBook::EntryOf(const model::Incarnation& incarnation) {
  return entries_.try_emplace(incarnation, Entry{unknown_until_}).first->second;
}

}  // namespace cacheplane::agents
