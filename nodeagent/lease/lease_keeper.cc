#include "nodeagent/lease/lease_keeper.h"

#include <utility>

#include "common/log.h"

namespace cacheplane::agent {
namespace {

network::SocketAddress ToSocket(const Address& address) {
  return {address.host, static_cast<std::uint16_t>(address.port)};
}

Address FromSocket(const network::SocketAddress& address) { return {address.address, address.port}; }

LeasedNode NodeOf(const OpenPrimary& primary) { return {primary.incarnation, primary.epoch}; }

}  // namespace

LeaseKeeper::LeaseKeeper(EventLoop& loop, network::Fence& fence, PromiseSocket& peers, Engines engines,
                         ControlPlane control_plane)
    : loop_(loop),
      fence_(fence),
      peers_(peers),
      engines_(std::move(engines)),
      control_plane_(std::move(control_plane)),
      promises_(BootClock::now()),
      lapsed_(fence.guarded()) {
  peers_.OnMessage([this](const PromiseMessage& message, const std::string& sender) { OnMessage(message, sender); });
}

LeaseKeeper::~LeaseKeeper() { loop_.Cancel(timer_); }

void LeaseKeeper::Start() { Tick(); }

Status LeaseKeeper::MayOpen(const Assignment& assignment) {
  const network::SocketAddress address = ToSocket(assignment.listen);
  if (!assignment.leased) return fence_.Unguard(address, /*reset=*/false);
  const BootTime now = BootClock::now();
  if (const BootTime shut = promises_.ShutUntil(assignment.incarnation); !assignment.proven && now < shut) {
    return Unavailable("promised not to be opened yet");
  }
  if (fence_.kind() == "none") return {};
  const BootTime end = leases_.EndOf({assignment.incarnation, assignment.epoch});
  if (end < now + kWorthOpening) {
    OnWritable();
    return Unavailable("it has no lease yet");
  }
  if (!engines_.process_at(assignment.listen)) return Unavailable("its process has ended");
  return GuardUntil({{address, end}});
}

Status LeaseKeeper::GuardUntil(const std::map<network::SocketAddress, BootTime>& ends) {
  const BootTime now = BootClock::now();
  const std::set<network::SocketAddress> before = fence_.guarded();
  network::Leases leases;
  for (const auto& [address, end] : ends) {
    if (const auto process = engines_.process_at(FromSocket(address))) leases[address] = {end, *process};
  }
  const Status status = fence_.Guard(leases);
  for (const auto& [address, lease] : leases) {
    BootTime& until = leased_until_[address];
    if (until < now && before.contains(address)) lapsed_.insert(address);
    until = status.ok() ? lease.end : BootTime();
  }
  return status;
}

void LeaseKeeper::Closed(const std::string& incarnation) {
  leases_.Forget(incarnation);
  DropGuards();
}

bool LeaseKeeper::Promised(const std::string& incarnation) const {
  return promises_.Binds(incarnation, BootClock::now());
}

void LeaseKeeper::Take(const LeaseGrant& grant) {
  leases_.Take(grant);
  Renew(/*without_lease=*/false);
}

void LeaseKeeper::OnWritable() {
  if (!ask_due_ || !control_plane_.writable()) return;
  ask_due_ = false;
  control_plane_.ask(leases_.Ask(BootClock::now()));
}

void LeaseKeeper::Tick() {
  timer_ = loop_.At(loop_.now() + kAskEvery, [this] { Tick(); });
  ask_due_ = true;
  OnWritable();
  Renew(/*without_lease=*/true);
  AskPeers();
  DropGuards();
}

// One that is found open and not guarded is guarded, even `without_lease`. Where the end of a lease is that of the
// process, it gets as long as what an agent before this one was granted may last: in that time it is granted another.
void LeaseKeeper::Renew(bool without_lease) {
  const BootTime now = BootClock::now();
  std::map<network::SocketAddress, BootTime> wanted;
  for (const OpenPrimary& primary : engines_.primaries()) {
    const network::SocketAddress address = ToSocket(primary.listen);
    if (primary.alone) Free(address);
    if (!primary.leased) continue;
    const FencedPrimary seen{.may_be_open = engines_.may_be_open(primary.listen),
                             .unproven = primary.unproven,
                             .shut_until = promises_.ShutUntil(primary.incarnation),
                             .lease_end = leases_.EndOf(NodeOf(primary)),
                             .guarded = fence_.guarded().contains(address),
                             .guarded_until = leased_until_[address]};
    const BootTime unknown_end = fence_.kills() ? now + kPromiseDuration : BootTime();
    if (const auto end = DecideGuard(seen, now)) {
      wanted[address] = *end;
    } else if (without_lease && !seen.guarded && seen.may_be_open) {
      wanted[address] = unknown_end;
    }
  }
  if (wanted.empty()) return;
  if (const Status status = GuardUntil(wanted); !status.ok()) log::Error("fence: {}", status.error().message);
}

// Its last replica is gone, and nobody is left who could be promoted: it takes writes for good.
void LeaseKeeper::Free(const network::SocketAddress& address) {
  if (!fence_.guarded().contains(address)) return;
  const Status status = fence_.Unguard(address, /*reset=*/false);
  if (!status.ok()) return log::Error("fence: {}", status.error().message);
  leased_until_.erase(address);
  lapsed_.erase(address);
}

void LeaseKeeper::AskPeers() {
  const BootTime now = BootClock::now();
  if (leases_.LastGranted() + kGrantMissed > now) return;
  for (const OpenPrimary& primary : engines_.primaries()) {
    if (!primary.leased || primary.peers.empty()) continue;
    std::vector<std::string> incarnations;
    for (const Peer& peer : primary.peers) incarnations.push_back(peer.incarnation);
    const PromiseWord word = leases_.EndOf(NodeOf(primary)) > now ? PromiseWord::kAsk : PromiseWord::kAskLapsed;
    const std::uint64_t round = leases_.AskPeers(NodeOf(primary), incarnations, now);
    for (const Peer& peer : primary.peers) {
      peers_.Send(peer.agent_address,
                  {.word = word, .round = round, .asker = NodeOf(primary), .asked = peer.incarnation});
    }
  }
}

void LeaseKeeper::OnMessage(const PromiseMessage& message, const std::string& sender) {
  if (message.word == PromiseWord::kPromised) {
    if (leases_.Promised(message.round, message.asked)) Renew(/*without_lease=*/false);
    return;
  }
  // It serves nobody, perhaps because it does not hear our answers: while the control plane is heard, it decides.
  const BootTime now = BootClock::now();
  if (message.word == PromiseWord::kAskLapsed && leases_.LastGranted() + kPromiseDuration > now) return;
  const auto epoch = engines_.promising_epoch_of(message.asked);
  const bool bound = promises_.Binds(message.asked, now);
  if (!epoch || !promises_.Promise(message.asked, *epoch, message.asker.epoch, now)) return;
  if (!bound && engines_.promised) engines_.promised(message.asked);
  PromiseMessage answer = message;
  answer.word = PromiseWord::kPromised;
  peers_.Send(sender, answer);
}

void LeaseKeeper::DropGuards() {
  const BootTime now = BootClock::now();
  const std::set<network::SocketAddress> guarded = fence_.guarded();
  for (const network::SocketAddress& address : guarded) {
    if (engines_.may_be_open(FromSocket(address))) continue;
    const auto until = leased_until_.find(address);
    const bool lapsed = lapsed_.contains(address) || until == leased_until_.end() || until->second < now;
    if (const Status status = fence_.Unguard(address, lapsed); !status.ok()) {
      log::Error("fence: {}", status.error().message);
      continue;
    }
    leased_until_.erase(address);
    lapsed_.erase(address);
  }
}

}  // namespace cacheplane::agent
