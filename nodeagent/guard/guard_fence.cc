#include "nodeagent/guard/guard_fence.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "common/log.h"

namespace cacheplane::guard {
namespace {

// Half of a lease's margin: so late is whose lease ends meanwhile.
constexpr std::chrono::milliseconds kTryAgain{50};
// A guard that is well has killed by then; together less than a lease's margin.
constexpr std::chrono::milliseconds kWatchEvery{30};
constexpr std::chrono::milliseconds kGuardKillsWithin{20};

}  // namespace

Result<std::unique_ptr<GuardFence>> GuardFence::Open(agent::EventLoop& loop, const std::filesystem::path& home,
                                                     const std::filesystem::path& program) {
  std::unique_ptr<GuardFence> fence(new GuardFence(loop, home, program));
  auto found = GuardLink::Connect(home);
  // Two of them would kill what the other one was told to let live.
  if (!found.ok() && found.error().code != ErrorCode::kNotFound) return found.error();
  if (found.ok()) {
    const Status taken = fence->TakeOver(std::move(*found));
    if (taken.ok()) return fence;
    log::Warn("{}: another guard takes its place", taken.error().message);
  }
  CP_RETURN_IF_ERROR(fence->StartAnother());
  return fence;
}

GuardFence::GuardFence(agent::EventLoop& loop, std::filesystem::path home, std::filesystem::path program)
    : loop_(loop), home_(std::move(home)), program_(std::move(program)) {
  Watch();
}

GuardFence::~GuardFence() {
  loop_.Cancel(timer_);
  loop_.Cancel(watch_timer_);
  loop_.Unwatch(watch_);
}

void GuardFence::Watch() {
  watch_timer_ = loop_.At(loop_.now() + kWatchEvery, [this] { Watch(); });
  KillEnded(kGuardKillsWithin);
}

Status GuardFence::Guard(const network::Leases& leases) {
  if (leases.empty()) return {};
  if (!link_) return Unavailable("no guard runs");
  if (const Status status = link_->Guard(leases); !status.ok()) {
    // One that refuses is well, and goes on guarding the others.
    if (status.error().code == ErrorCode::kUnavailable) Replace(status.error().message);
    return status;
  }
  for (const auto& [address, lease] : leases) Note(address, lease);
  return {};
}

Status GuardFence::Unguard(const network::SocketAddress& address, bool) {
  if (guarded_.erase(address) == 0) return {};
  leases_.erase(address);
  if (!link_) return {};
  // Another guard does not know of it.
  if (const Status status = link_->Unguard(address); !status.ok()) Replace(status.error().message);
  return {};
}

// One that cannot say what it guards must not carry it out.
Status GuardFence::TakeOver(std::unique_ptr<GuardLink> link) {
  const auto leases = link->Guarded();
  if (!leases.ok()) {
    link->Kill();
    return leases.error();
  }
  for (const auto& [address, lease] : *leases) Note(address, lease);
  Use(std::move(link));
  return {};
}

void GuardFence::Use(std::unique_ptr<GuardLink> link) {
  link_ = std::move(link);
  watch_ = loop_.Watch(link_->fd(), [this] { Replace("the guard has ended"); });
}

void GuardFence::Replace(const std::string& why) {
  log::Warn("{}: another one takes its place", why);
  loop_.Unwatch(std::exchange(watch_, 0));
  if (link_) link_->Kill();
  link_.reset();
  if (const Status status = StartAnother(); !status.ok()) log::Error("{}", status.error().message);
}

Status GuardFence::StartAnother() {
  loop_.Cancel(std::exchange(timer_, 0));
  KillEnded(std::chrono::milliseconds(0));
  auto started = GuardLink::Start(home_, program_);
  Status status = started.ok() ? Status() : Status(started.error());
  if (started.ok() && !leases_.empty()) status = (*started)->Guard(leases_);
  if (status.ok()) {
    Use(std::move(*started));
    return {};
  }
  if (started.ok()) (*started)->Kill();
  KillEnded(std::chrono::milliseconds(0));
  timer_ = loop_.At(loop_.now() + kTryAgain, [this] {
    if (const Status again = StartAnother(); !again.ok()) log::Debug("{}", again.error().message);
  });
  return status;
}

void GuardFence::Note(const network::SocketAddress& address, const network::Lease& lease) {
  leases_[address] = lease;
  guarded_.insert(address);
}

void GuardFence::KillEnded(std::chrono::milliseconds ago) {
  const BootTime now = BootClock::now();
  for (const auto& [address, lease] : leases_) {
    if (lease.end + ago > now) continue;
    const auto pidfd = OpenProcess(lease.process);
    if (!pidfd.ok()) continue;
    log::Warn("the lease of {} has ended, and no guard did it: process {} killed", network::ToText(address),
              lease.process.pid);
    KillProcess(*pidfd);
    close(*pidfd);
  }
}

void EndGuard(const std::filesystem::path& home) {
  if (const auto link = GuardLink::Connect(home); link.ok()) (*link)->Kill();
}

bool GuardRuns(const std::filesystem::path& home) { return GuardLink::Connect(home).ok(); }

}  // namespace cacheplane::guard
