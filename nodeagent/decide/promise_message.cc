#include "nodeagent/decide/promise_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/text.h"
#include "nodeagent/decide/names.h"

namespace cacheplane::agent {
namespace {

constexpr std::string_view kProtocol = "cacheplane-promise";
constexpr std::string_view kVersion = "1";
constexpr std::array<std::string_view, 3> kWords = {"ask", "ask-lapsed", "promised"};

Error Odd() { return InvalidArgument("no promise message of this version"); }

}  // namespace

std::string Encode(const PromiseMessage& message) {
  return fmt::format("{} {} {} {} {} {} {}", kProtocol, kVersion, kWords[static_cast<std::size_t>(message.word)],
                     message.round, message.asker.incarnation, message.asker.epoch, message.asked);
}

Result<PromiseMessage> ParsePromiseMessage(std::string_view text) {
  const auto words = Split(text, ' ');
  if (words.size() != 7 || words[0] != kProtocol || words[1] != kVersion) return Odd();
  const auto word = std::find(kWords.begin(), kWords.end(), words[2]);
  if (word == kWords.end()) return Odd();
  const auto round = ParseInt(words[3]);
  const auto epoch = ParseInt(words[5]);
  if (!round || *round < 1 || !epoch || *epoch < 1) return Odd();
  if (!IsValidName(words[4]) || !IsValidName(words[6])) return Odd();
  return PromiseMessage{.word = static_cast<PromiseWord>(word - kWords.begin()),
                        .round = static_cast<std::uint64_t>(*round),
                        .asker = {std::string(words[4]), static_cast<std::uint64_t>(*epoch)},
                        .asked = std::string(words[6])};
}

}  // namespace cacheplane::agent
