// Retries get the first answer.
//
//   Begin ─► new: the caller carries it out ─► Settle ─► remembered for kKept
//        ├─► running: answered by the Settle of the first
//        └─► remembered: answered at once
//
// SDKs send the same amz-sdk-invocation-id with every attempt at one call. Without this, a create whose answer was lost
// would be told "already exists" by its second attempt. The memory does not outlive the process: after a restart a
// retry is carried out like a new call.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway::aws {

// Thread-safe.
class Replays {
 public:
  struct Key {
    std::string access_key;
    std::string invocation_id;
    std::string body_hash;  // an id that is used again for another body is another call

    auto operator<=>(const Key&) const = default;
  };

  static constexpr std::chrono::minutes kKept{5};
  static constexpr std::size_t kMaxCalls = 1000;
  static constexpr std::size_t kMaxBytes = 8 * 1024 * 1024;  // of remembered bodies

  // True: the caller carries the call out and then has to Settle it; `reply` is dropped. False: `reply` got the first
  // answer, or will.
  bool Begin(const Key& key, HttpReply reply, MonoTime now);
  // As Begin, but a call that is not known stays so: true when `reply` got the first answer, or will.
  bool Join(const Key& key, HttpReply reply, MonoTime now);
  // Answers those who wait, and remembers; but an answer of 500 and above is one to try again after. The oldest answers
  // make room.
  void Settle(const Key& key, const HttpResponse& response, MonoTime now);

  // How many are running or remembered.
  std::size_t size() const;

 private:
  struct Call {
    MonoTime since;  // began, or was answered
    bool answered = false;
    HttpResponse response;
    std::vector<HttpReply> waiting;
  };

  enum class Unknown { kBegins, kStaysUnknown };
  bool IsAnswered(const Key& key, HttpReply reply, MonoTime now, Unknown unknown);
  void Forget(MonoTime now);
  void MakeRoom();
  void Drop(std::map<Key, Call>::iterator call);

  mutable std::mutex mutex_;
  std::map<Key, Call> calls_;
  std::size_t bytes_ = 0;
};

}  // namespace cacheplane::gateway::aws
