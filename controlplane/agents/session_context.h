// What every session of the agent gateway works with. Shared: a session may outlive the gateway by a moment.
#pragma once

#include <chrono>

#include "common/clock.h"
#include "controlplane/agents/fact_board.h"
#include "controlplane/agents/host_registry.h"
#include "controlplane/agents/join_token.h"
#include "controlplane/agents/lease_book.h"
#include "controlplane/agents/live_sessions.h"
#include "controlplane/agents/session_directory.h"
#include "controlplane/ports/signals.h"

namespace cacheplane::agents {

struct SessionContext {
  const Clock& clock;
  FactBoard& board;
  SessionDirectory& directory;
  LeaseBook& leases;
  ports::ReconcileSignal& signal;
  HostRegistry registry;
  JoinToken token;
  std::chrono::milliseconds silence;
  LiveSessions live;
};

}  // namespace cacheplane::agents
