#include "controlplane/gateway/aws/signing/digest.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

#include "common/check.h"

namespace cacheplane::gateway::aws {
namespace {

const unsigned char* BytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  return hex;
}

}  // namespace

std::string Sha256Hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(BytesOf(text), text.size(), digest.data());
  return Hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string HmacSha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  CP_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), BytesOf(text), text.size(), digest.data(),
                &length) != nullptr);
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string HmacSha256Hex(std::string_view key, std::string_view text) { return Hex(HmacSha256(key, text)); }

bool EqualInConstantTime(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace cacheplane::gateway::aws
