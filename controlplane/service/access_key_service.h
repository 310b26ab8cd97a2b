// AccessKeyService: who may call the AWS API. Thread-safe. Secrets are derived, never stored: they are shown by
// CreateAccessKey alone.
//
// Errors: kInvalidArgument names the field, the value and what is allowed; kNotFound.
#pragma once

#include <optional>
#include <string>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/access_key.h"
#include "controlplane/ports/secrets.h"
#include "controlplane/ports/signals.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"

namespace cacheplane::service {

struct AccessKeyDraft {
  std::string role;  // empty: "operator"
  std::string description;
};

struct SecretAccessKey {
  model::AccessKey key;
  std::string secret;
};

class AccessKeyService {
 public:
  // The references must outlive the service.
  AccessKeyService(ports::Store& store, const ports::Secrets& secrets, ports::Identifiers& identifiers,
                   ports::JournalSignal& journal, const Clock& clock)
      : store_(store), secrets_(secrets), identifiers_(identifiers), journal_(journal), clock_(clock) {}

  Result<SecretAccessKey> CreateAccessKey(const AccessKeyDraft& draft);
  // In order of ids, revoked ones as well.
  Result<Page<model::AccessKey>> ListAccessKeys(const ListRequest& request) const;
  // Revokes it: from now on it signs nothing. Done again it changes nothing. kNotFound for an id that never was one.
  Status DeleteAccessKey(const std::string& id);

  // For whoever checks a signature: nothing for a key that is unknown or revoked.
  std::optional<SecretAccessKey> FindValid(const std::string& id) const;

 private:
  ports::Store& store_;
  const ports::Secrets& secrets_;
  ports::Identifiers& identifiers_;
  ports::JournalSignal& journal_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
