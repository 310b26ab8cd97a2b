// Access keys as the store has them (ports/store.h).
#pragma once

#include <optional>
#include <vector>

#include "common/result.h"
#include "controlplane/model/access_key.h"
#include "controlplane/ports/page.h"

namespace cacheplane::ports {

// Ids are looked up as they are.
class AccessKeyTable {
 public:
  virtual ~AccessKeyTable() = default;
  // Insert: kAlreadyExists. Update: kNotFound.
  virtual Status Insert(const model::AccessKey& key) = 0;
  virtual Status Update(const model::AccessKey& key) = 0;
  virtual std::optional<model::AccessKey> Find(const model::AccessKeyId& id) = 0;
  virtual std::vector<model::AccessKey> List(const PageRequest& page) = 0;  // by id, revoked ones as well
};

}  // namespace cacheplane::ports
