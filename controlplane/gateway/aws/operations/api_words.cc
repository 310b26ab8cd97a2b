#include "controlplane/gateway/aws/operations/api_words.h"

#include <string>
#include <utility>

namespace cacheplane::gateway::aws {
namespace {

bool StartsWith(const std::string& message, std::string_view field) {
  if (!message.starts_with(field) || message.size() == field.size()) return false;
  const char next = message[field.size()];
  return next == ':' || next == '[';
}

void Replace(std::string& text, std::string_view from, std::string_view to) {
  if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

}  // namespace

Error InApiWords(Error error, std::initializer_list<ApiWord> words) {
  if (StartsWith(error.message, "page_token")) {
    Replace(error.message, "page_token", "Marker");
    Replace(error.message, "next_page_token", "Marker");
    return error;
  }
  for (const ApiWord& word : words) {
    if (!StartsWith(error.message, word.field)) continue;
    error.message.replace(0, word.field.size(), word.member);
    return error;
  }
  return error;
}

}  // namespace cacheplane::gateway::aws
