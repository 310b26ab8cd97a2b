// Engine passwords and the secrets of access keys, derived from one key on disk: HMAC-SHA256 of the cluster's uid or
// the access key's id, each after a word of its own. The database holds no secret, and whoever reads a copy of it
// learns none.
#pragma once

#include <filesystem>
#include <string>

#include "common/result.h"
#include "controlplane/ports/secrets.h"

namespace cacheplane::app {

class DerivedSecrets final : public ports::Secrets {
 public:
  // Reads the key file (0600), making one with 32 random bytes where there is none. kInternal when it cannot.
  static Result<DerivedSecrets> Open(const std::filesystem::path& key_file);

  std::string EnginePassword(const model::ClusterUid& cluster) const override;
  std::string AccessKeySecret(const model::AccessKeyId& key) const override;

 private:
  explicit DerivedSecrets(std::string key) : key_(std::move(key)) {}

  std::string key_;
};

// "op-" and 128 random bits; for access keys 80.
class RandomIdentifiers final : public ports::Identifiers {
 public:
  std::string New(const char* prefix) override;
  model::AccessKeyId NewAccessKey() override;
};

}  // namespace cacheplane::app
