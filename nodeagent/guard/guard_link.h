// An agent's connection to the guard of its home: <home>/guard/socket, in a directory that is its user's alone.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>

#include "common/process.h"
#include "common/result.h"
#include "nodeagent/guard/guard_message.h"
#include "nodeagent/network/fence.h"

namespace cacheplane::guard {

class GuardLink {
 public:
  // To the guard that runs for that home. kNotFound when there is none.
  static Result<std::unique_ptr<GuardLink>> Connect(const std::filesystem::path& home);
  // To a new one. There must be none. kUnavailable, and there is none, when it cannot be started.
  static Result<std::unique_ptr<GuardLink>> Start(const std::filesystem::path& home,
                                                  const std::filesystem::path& program);
  ~GuardLink();
  GuardLink(const GuardLink&) = delete;
  GuardLink& operator=(const GuardLink&) = delete;

  // Readable once the guard has ended.
  int fd() const { return socket_; }

  // In force when they return ok. kUnavailable: nobody knows; the guard does not answer, or refuses.
  Result<network::Leases> Guarded();
  Status Guard(const network::Leases& leases);
  Status Unguard(const network::SocketAddress& address);

  // kill -9, and waits until it is gone: what it knew is carried out no more.
  void Kill();

 private:
  GuardLink(int socket, const ProcessId& guard, bool child);
  // packet_ is the question, and then the answer.
  Status Ask();

  const int socket_;
  const ProcessId guard_;
  bool child_;  // and not collected yet
  const std::unique_ptr<Packet> packet_ = std::make_unique<Packet>();
};

}  // namespace cacheplane::guard
