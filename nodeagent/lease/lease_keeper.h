// Keeps the leases of this host's primaries: asks the control plane, or the peers while that is not heard, and has the
// fence open for exactly as long as was granted. Answers peers in turn. All of it on the loop's thread.
//
//   every 250 ms ──► ask the control plane ──granted──► the fence stays open until a second after the request
//                └─► its latest grant is older than 300 ms: ask the agents of all other nodes ──promised by all──► the
//                same
//   engine is a replica, or gone ──► its address is not guarded any more
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/result.h"
#include "nodeagent/decide/assignment.h"
#include "nodeagent/decide/lease.h"
#include "nodeagent/lease/promise_socket.h"
#include "nodeagent/network/fence.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/open_hooks.h"

namespace cacheplane::agent {

class LeaseKeeper {
 public:
  struct Engines {
    std::function<std::vector<OpenPrimary>()> primaries;
    // An engine that may take writes, as far as is known, listens there.
    std::function<bool(const Address&)> may_be_open;
    // The live process that listens there.
    std::function<std::optional<ProcessId>(const Address&)> process_at;
    // In which that incarnation may be promised not to be opened.
    std::function<std::optional<std::uint64_t>(const std::string& incarnation)> promising_epoch_of;
    // That incarnation is promised not to be opened from now on, and was not just before.
    std::function<void(const std::string& incarnation)> promised;
  };
  struct ControlPlane {
    std::function<bool()> writable;
    std::function<void(std::uint64_t sequence)> ask;
  };

  // All must outlive it.
  LeaseKeeper(EventLoop& loop, network::Fence& fence, PromiseSocket& peers, Engines engines,
              ControlPlane control_plane);
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  void Start();

  // OpenHooks, with the same promises. A yes has put the engine's address behind the fence.
  Status MayOpen(const Assignment& assignment);
  void Closed(const std::string& incarnation);
  bool Promised(const std::string& incarnation) const;

  void Take(const LeaseGrant& grant);
  // A request can be sent, and is when one is due.
  void OnWritable();

 private:
  void Tick();
  void Renew(bool without_lease);
  // Until those instants; one that is over closes the address at once. Notes what lapsed. An address without a process
  // is left out: it answers nobody.
  Status GuardUntil(const std::map<network::SocketAddress, BootTime>& ends);
  void Free(const network::SocketAddress& address);
  void AskPeers();
  void DropGuards();
  void OnMessage(const PromiseMessage& message, const std::string& sender);

  EventLoop& loop_;
  network::Fence& fence_;
  PromiseSocket& peers_;
  const Engines engines_;
  const ControlPlane control_plane_;
  LeaseLedger leases_;
  PromiseLedger promises_;
  bool ask_due_ = false;
  EventLoop::Id timer_ = 0;
  // When each guarded address's latest lease ends; not of those that an earlier process guarded, nor when setting it
  // failed.
  std::map<network::SocketAddress, BootTime> leased_until_;
  // Those whose lease ended while they were guarded: something may have been answered behind the fence.
  std::set<network::SocketAddress> lapsed_;
};

}  // namespace cacheplane::agent
