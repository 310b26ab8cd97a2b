// The door for agents and routers: AgentService and RouterService of proto/cacheplane/agent/v1.
//
//   call ─ token ─► hello ─► facts … ─► board, signal
//                     │        ▲
//                     ▼        └ silence of 5 s, a bad message, a newer session, Shutdown: the session ends
//                   store, directory (assignments, endpoint map)
//
// Errors a session ends with: UNAUTHENTICATED (join token), INVALID_ARGUMENT (a message against the contract),
// FAILED_PRECONDITION (an agent with nodes changed its zone), DEADLINE_EXCEEDED (silence), ABORTED (a newer session),
// UNAVAILABLE (shutting down).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/agents/fact_board.h"
#include "controlplane/agents/lease_book.h"
#include "controlplane/agents/session_directory.h"
#include "controlplane/ports/signals.h"
#include "controlplane/ports/store.h"

namespace grpc {
class Service;
class ServerBuilder;
}  // namespace grpc

namespace cacheplane::agents {

class AgentGateway {
 public:
  struct Deps {
    const Clock& clock;
    ports::Store& store;
    FactBoard& board;
    SessionDirectory& directory;
    LeaseBook& leases;
    ports::ReconcileSignal& signal;
  };
  struct Options {
    std::string join_token;  // must not be empty
    // Silence after which a session ends; also the time for hello to come.
    std::chrono::milliseconds silence = std::chrono::seconds(5);
    // How often silence is looked for.
    std::chrono::milliseconds tick = std::chrono::milliseconds(250);
    // How often an agent's last_heard is stored, at most.
    std::chrono::milliseconds store_heard_every = std::chrono::seconds(60);
  };

  // Everything in `deps` must outlive the server that the services are registered with.
  AgentGateway(const Deps& deps, Options options);
  ~AgentGateway();

  // To be registered with the server, which must be destroyed before this object.
  std::vector<grpc::Service*> services();

  // Sets the transport's keepalive, which finds dead connections below the sessions. Call before BuildAndStart.
  static void ConfigureKeepalive(grpc::ServerBuilder& builder);

  // Ends every session and refuses new ones; call before the server's own Shutdown, which waits for open streams.
  void Shutdown();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cacheplane::agents
