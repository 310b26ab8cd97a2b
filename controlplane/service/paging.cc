#include "controlplane/service/paging.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/stable_hash.h"

namespace cacheplane::service {
namespace {

std::string ToHex(std::string_view text) {
  std::string hex;
  for (const char c : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return 0;  // a text that was no hexadecimal fails the comparison with the token made anew
}

std::string FromHex(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    text += static_cast<char>(DigitOf(hex[i]) * 16 + DigitOf(hex[i + 1]));
  }
  return text;
}

}  // namespace

std::string PageToken(std::string_view scope, std::string_view last_key) {
  const std::uint64_t check = StableHash(last_key, StableHash(scope));
  return fmt::format("p{:08x}{}", static_cast<std::uint32_t>(check ^ check >> 32U), ToHex(last_key));
}

Result<ports::PageRequest> ReadListRequest(std::string_view scope, const ListRequest& request) {
  if (request.page_size < 0) {
    return InvalidArgument(fmt::format("page_size: {} is negative; allowed: 0 to {}", request.page_size, kLargestPage));
  }
  const int limit = request.page_size == 0 ? kLargestPage : std::min(request.page_size, kLargestPage);
  if (request.page_token.empty()) return ports::PageRequest{"", limit};
  constexpr std::size_t kHeader = 9;
  const std::string& token = request.page_token;
  std::string key = token.size() > kHeader ? FromHex(std::string_view(token).substr(kHeader)) : "";
  if (key.empty() || PageToken(scope, key) != token) {
    return Invalid("page_token", token, "is not one of this list", "next_page_token of an answer to the same list");
  }
  return ports::PageRequest{std::move(key), limit};
}

}  // namespace cacheplane::service
