#include "nodeagent/decide/lease.h"

#include <algorithm>

namespace cacheplane::agent {
namespace {

// More than can be under way: two leases' worth.
constexpr std::size_t kMostSent = 8;

}  // namespace

std::uint64_t LeaseLedger::Ask(BootTime now) {
  sent_.emplace_back(++last_sequence_, now);
  if (sent_.size() > kMostSent) sent_.pop_front();
  return last_sequence_;
}

void LeaseLedger::Take(const LeaseGrant& grant) {
  const auto asked =
      std::find_if(sent_.begin(), sent_.end(), [&](const auto& request) { return request.first == grant.sequence; });
  if (asked == sent_.end()) return;
  last_granted_ = std::max(last_granted_, asked->second);
  for (const LeasedNode& node : grant.nodes) Extend(node, asked->second + grant.duration);
}

std::uint64_t LeaseLedger::AskPeers(const LeasedNode& node, const std::vector<std::string>& peers, BootTime now) {
  std::erase_if(rounds_, [&](const auto& round) { return round.second.node.incarnation == node.incarnation; });
  rounds_[++last_round_] = {node, now, {peers.begin(), peers.end()}};
  return last_round_;
}

bool LeaseLedger::Promised(std::uint64_t round, const std::string& peer) {
  const auto found = rounds_.find(round);
  if (found == rounds_.end() || found->second.missing.erase(peer) == 0) return false;
  if (!found->second.missing.empty()) return false;
  Extend(found->second.node, found->second.sent + kPromiseDuration);
  rounds_.erase(found);
  return true;
}

void LeaseLedger::Extend(const LeasedNode& node, BootTime end) {
  Lease& lease = leases_[node.incarnation];
  if (node.epoch < lease.epoch) return;
  lease.end = node.epoch > lease.epoch ? end : std::max(lease.end, end);
  lease.epoch = node.epoch;
}

BootTime LeaseLedger::EndOf(const LeasedNode& node) const {
  const auto found = leases_.find(node.incarnation);
  return found == leases_.end() || found->second.epoch != node.epoch ? BootTime() : found->second.end;
}

void LeaseLedger::Forget(const std::string& incarnation) {
  leases_.erase(incarnation);
  std::erase_if(rounds_, [&](const auto& round) { return round.second.node.incarnation == incarnation; });
}

std::optional<std::uint64_t> PromisingEpoch(const Assignment& assignment) {
  const bool opens = assignment.role == Role::kPrimary && !assignment.await_handover;
  return opens ? std::nullopt : std::optional(assignment.epoch);
}

bool PromiseLedger::Promise(const std::string& incarnation, std::uint64_t own_epoch, std::uint64_t askers_epoch,
                            BootTime now) {
  if (own_epoch > askers_epoch) return false;
  BootTime& until = promises_[incarnation];
  until = std::max(until, now + kPromiseDuration + kPromiseMargin);
  return true;
}

BootTime PromiseLedger::ShutUntil(const std::string& incarnation) const {
  const BootTime unknown = started_ + kPromiseDuration + kPromiseMargin;
  const auto found = promises_.find(incarnation);
  return found == promises_.end() ? unknown : std::max(unknown, found->second);
}

bool PromiseLedger::Binds(const std::string& incarnation, BootTime now) const {
  const auto found = promises_.find(incarnation);
  return found != promises_.end() && now < found->second;
}

std::optional<BootTime> DecideGuard(const FencedPrimary& primary, BootTime now) {
  if (!primary.guarded && !primary.may_be_open) return std::nullopt;
  if (primary.unproven && now < primary.shut_until) return std::nullopt;
  if (primary.lease_end <= now || primary.lease_end <= primary.guarded_until) return std::nullopt;
  return primary.lease_end;
}

}  // namespace cacheplane::agent
