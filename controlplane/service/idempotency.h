// A mutating call that is repeated with its request id is carried out once.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/ids.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

inline constexpr std::chrono::hours kRequestsAreKept{24};

// One call as its repetitions are recognised.
struct CallIdentity {
  std::string request_id;  // empty: the call cannot be recognised
  const char* method = "";
  std::string fingerprint;
};

// The operation of the first call with this identity, within kRequestsAreKept; nothing when this is the first.
// kInvalidArgument when the id was another call's. To be asked inside the write transaction that would carry the call
// out: of concurrent ones the second then finds the first.
Result<std::optional<model::OperationId>> FindFirstCall(ports::JournalTable& journal, const CallIdentity& call,
                                                        WallTime now);

// Forgets calls older than kRequestsAreKept and remembers this one.
void RememberCall(ports::JournalTable& journal, const CallIdentity& call, const std::string& cluster,
                  const model::OperationId& operation, WallTime now);

}  // namespace cacheplane::service
