// SHA-256 and its keyed form.
#pragma once

#include <string>
#include <string_view>

namespace cacheplane::gateway::aws {

// 64 hexadecimal digits in lower case.
std::string Sha256Hex(std::string_view text);

// The 32 bytes of HMAC-SHA256, or their hexadecimal digits in lower case.
std::string HmacSha256(std::string_view key, std::string_view text);
std::string HmacSha256Hex(std::string_view key, std::string_view text);

// Takes as long for texts of one length, wherever they differ.
bool EqualInConstantTime(std::string_view one, std::string_view other);

}  // namespace cacheplane::gateway::aws
