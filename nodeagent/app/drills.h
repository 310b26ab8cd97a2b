// Faults on purpose, as the control plane orders them. On the loop's thread.
//
//   cut-host: prepare ──► answer ──► cut (0.1 s later) ──► healed by the kernel's timers ──► table removed, dial again
#pragma once

#include <functional>
#include <string>

#include "nodeagent/decide/drill.h"
#include "nodeagent/network/host_cut.h"
#include "nodeagent/session/session.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/pauses.h"
#include "nodeagent/supervisor/supervisor.h"

namespace cacheplane::agent {

class Drills {
 public:
  // `cut_table`: the kernel's. `peer_address`: where this agent is asked for promises, "ip:port" or "". All must
  // outlive it.
  Drills(EventLoop& loop, Pauses& pauses, const std::string& cut_table, Supervisor& supervisor, Session& session,
         std::function<std::string()> peer_address);
  ~Drills();
  Drills(const Drills&) = delete;
  Drills& operator=(const Drills&) = delete;

  // Before anything is dialled: goes on with a cut that an earlier process began.
  void Resume();
  void Begin(const Drill& drill);

 private:
  Status Carry(const Drill& drill);
  Status Pause(const Drill& drill);
  Status PrepareCut(const Drill& drill);
  void Cut(std::chrono::milliseconds duration);
  void AwaitHealing();
  Result<network::CutTargets> Targets() const;

  EventLoop& loop_;
  Pauses& pauses_;
  network::HostCut cut_;
  Supervisor& supervisor_;
  Session& session_;
  const std::function<std::string()> peer_address_;
  EventLoop::Id timer_ = 0;  // of a cut, from its preparation until it has healed
};

}  // namespace cacheplane::agent
