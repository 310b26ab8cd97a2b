// The fence where the kernel's tables may not be changed: a process of its own, the guard, kills the engine of a
// guarded address when its lease ends (docs/adr/0011).
//
// The guard outlives the agent; the next agent of the home finds it. While the agent lives it notices the guard's end
// at once, starts another, and tells it everything; until that has succeeded, nothing is guarded anew. Whoever lives a
// moment longer than his lease, because the guard is stopped or away, is killed by this process.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "nodeagent/guard/guard_link.h"
#include "nodeagent/network/fence.h"
#include "nodeagent/supervisor/event_loop.h"

namespace cacheplane::guard {

class GuardFence final : public network::Fence {
 public:
  // `loop` must outlive it. kUnavailable when no guard runs and none can be started.
  static Result<std::unique_ptr<GuardFence>> Open(agent::EventLoop& loop, const std::filesystem::path& home,
                                                  const std::filesystem::path& program);
  ~GuardFence() override;

  std::string kind() const override { return "guard"; }
  bool kills() const override { return true; }
  const std::set<network::SocketAddress>& guarded() const override { return guarded_; }
  Status Guard(const network::Leases& leases) override;
  // `reset` changes nothing: an engine that lives has answered under its lease only.
  Status Unguard(const network::SocketAddress& address, bool reset) override;

 private:
  GuardFence(agent::EventLoop& loop, std::filesystem::path home, std::filesystem::path program);

  Status TakeOver(std::unique_ptr<GuardLink> link);
  void Use(std::unique_ptr<GuardLink> link);
  // It has ended, or is not to be relied on: another takes its place.
  void Replace(const std::string& why);
  Status StartAnother();
  void Note(const network::SocketAddress& address, const network::Lease& lease);
  void Watch();
  // Whose lease ended that long ago.
  void KillEnded(std::chrono::milliseconds ago);

  agent::EventLoop& loop_;
  const std::filesystem::path home_;
  const std::filesystem::path program_;
  std::unique_ptr<GuardLink> link_;  // none while no guard can be had
  agent::EventLoop::Id watch_ = 0;
  agent::EventLoop::Id timer_ = 0;
  agent::EventLoop::Id watch_timer_ = 0;
  network::Leases leases_;  // as confirmed
  std::set<network::SocketAddress> guarded_;
};

// kill -9 of that home's guard, if one runs: nothing is guarded any more.
void EndGuard(const std::filesystem::path& home);
bool GuardRuns(const std::filesystem::path& home);

}  // namespace cacheplane::guard
