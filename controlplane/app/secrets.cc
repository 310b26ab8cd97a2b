#include "controlplane/app/secrets.h"

#include <fmt/format.h>
#include <openssl/hmac.h>

#include <array>

#include "common/check.h"
#include "common/file.h"
#include "common/random_id.h"
#include "common/text.h"

namespace cacheplane::app {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr int kSecretBytes = 30;  // what 40 characters of base64 hold without padding
constexpr int kSecretCharacters = 40;

using Digest = std::array<unsigned char, 32>;

Digest Derive(const std::string& key, const std::string& message) {
  Digest digest{};
  unsigned int length = 0;
  CP_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
                &length) != nullptr);
  CP_CHECK(length == digest.size());
  return digest;
}

unsigned RandomByte() { return static_cast<unsigned>(std::stoul(RandomHex(1), nullptr, 16)); }

}  // namespace

Result<DerivedSecrets> DerivedSecrets::Open(const std::filesystem::path& key_file) {
  Result<std::string> key = ReadFile(key_file);
  if (key.ok()) {
    const std::string trimmed(Trim(*key));
    if (trimmed.size() != 2 * kKeyBytes) return Internal(key_file.string() + " is not a key");
    return DerivedSecrets(trimmed);
  }
  if (key.error().code != ErrorCode::kNotFound) return key.error();
  const std::string fresh = RandomHex(kKeyBytes);
  CP_RETURN_IF_ERROR(ReplaceFile(key_file, fresh + "\n", 0600));
  return DerivedSecrets(fresh);
}

std::string DerivedSecrets::EnginePassword(const model::ClusterUid& cluster) const {
  std::string hex;
  for (const unsigned char byte : Derive(key_, "engine-password:" + cluster.str())) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::string DerivedSecrets::AccessKeySecret(const model::AccessKeyId& key) const {
  const Digest digest = Derive(key_, "access-key:" + key.str());
  std::array<unsigned char, kSecretCharacters + 1> secret{};  // EVP_EncodeBlock ends it with a zero
  CP_CHECK(EVP_EncodeBlock(secret.data(), digest.data(), kSecretBytes) == kSecretCharacters);
  return {reinterpret_cast<const char*>(secret.data()), kSecretCharacters};
}

std::string RandomIdentifiers::New(const char* prefix) { return fmt::format("{}-{}", prefix, RandomHex(16)); }

model::AccessKeyId RandomIdentifiers::NewAccessKey() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  constexpr int kCharacters = 16;
  std::string id = "AKIA";
  // 32 divides 256, so that every character is as likely.
  for (int i = 0; i < kCharacters; ++i) id += kAlphabet[RandomByte() % kAlphabet.size()];
  return model::AccessKeyId(id);
}

}  // namespace cacheplane::app
