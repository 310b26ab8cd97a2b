// Datagrams between agents: a question for a promise, and the answer. Text, so that a capture can be read:
//
//   cacheplane-promise 1 ask 17 <asker's incarnation> <its epoch> <asked incarnation> <seal>
//   cacheplane-promise 1 ask-lapsed 17 …     the same, of a primary that has no lease any more
//   cacheplane-promise 1 promised 17 …       the answer
//
// The seal is an HMAC-SHA256 of all before it under the join token, which all agents have. A number (the round) is the
// asker's own; it is in the answer, so that an old answer is none to a new question. Whoever can read datagrams can
// repeat a question: that delays a promotion without proof for as long as it goes on, and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/result.h"
#include "nodeagent/decide/lease.h"

namespace cacheplane::agent {

enum class PromiseWord { kAsk, kAskLapsed, kPromised };

struct PromiseMessage {
  PromiseWord word = PromiseWord::kAsk;
  std::uint64_t round = 0;
  LeasedNode asker{};
  std::string asked{};  // incarnation

  bool operator==(const PromiseMessage&) const = default;
};

// All of the datagram but its seal.
std::string Encode(const PromiseMessage& message);

// Of a datagram whose seal was checked and removed. kInvalidArgument when it is not what Encode writes.
Result<PromiseMessage> ParsePromiseMessage(std::string_view text);

}  // namespace cacheplane::agent
