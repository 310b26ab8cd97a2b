// The guard process's loop: requests of the agent on a unix socket, one timer, and the processes that are guarded. One
// thread; nothing in it waits for a disk or a network before a lease's end is carried out.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "nodeagent/guard/guard_table.h"

namespace cacheplane::guard {

// Guarding nothing and asked by nobody, it ends.
inline constexpr std::chrono::milliseconds kIdleFor{2000};

class GuardServer {
 public:
  // `listener`: a listening SOCK_SEQPACKET socket.
  explicit GuardServer(int listener);
  ~GuardServer();
  GuardServer(const GuardServer&) = delete;
  GuardServer& operator=(const GuardServer&) = delete;

  // Until it is idle.
  void Run();

 private:
  // False: nothing came in kIdleFor, while there was nothing to do.
  bool Wait();
  void ArmTimer();
  void Accept();
  // All requests that have arrived; false when the connection is to be closed.
  bool Serve(int connection);
  void Carry(Packet& packet);

  const int listener_;
  const int timer_;
  std::vector<int> connections_;
  std::vector<pollfd> polled_;
  GuardTable table_;
  const std::unique_ptr<Packet> packet_ = std::make_unique<Packet>();
};

}  // namespace cacheplane::guard
