// A small blocking RESP client with deadlines, for talking to one engine. Not thread-safe: one per thread.
// Users: the agent's probes, the launcher's tests, end-to-end tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cache-engine/resp/value.h"
#include "common/result.h"

namespace cacheplane::resp {

class Client {
 public:
  // Connects. kUnavailable with the reason; kDeadlineExceeded after `timeout`. `mark`: SO_MARK for this host's packet
  // filter, where this process may set one; 0: none.
  static Result<std::unique_ptr<Client>> Connect(const std::string& address, int port,
                                                 std::chrono::milliseconds timeout, std::uint32_t mark = 0);

  virtual ~Client() = default;

  // Sends a command and reads its answer. An error reply is a Value of kind kError. kDeadlineExceeded, kUnavailable
  // (connection lost) and kInternal (not RESP) leave the client unusable: connect again.
  virtual Result<Value> Call(const std::vector<std::string>& command, std::chrono::milliseconds timeout) = 0;

  // Sends all of them at once and reads an answer to each, in order: one round trip.
  virtual Result<std::vector<Value>> CallAll(const std::vector<std::vector<std::string>>& commands,
                                             std::chrono::milliseconds timeout) = 0;
};

}  // namespace cacheplane::resp
