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
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const std::string message = "engine-password:" + cluster.str();
  CP_CHECK(HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
                reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
                &length) != nullptr);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

std::string RandomIdentifiers::New(const char* prefix) { return fmt::format("{}-{}", prefix, RandomHex(16)); }

}  // namespace cacheplane::app
