// Access keys, in SQL.
#pragma once

#include <optional>
#include <vector>

#include "controlplane/ports/store.h"
#include "controlplane/store/sql/session.h"

namespace cacheplane::store {

class AccessKeyTable final : public ports::AccessKeyTable {
 public:
  explicit AccessKeyTable(sql::Session& session) : session_(session) {}
  Status Insert(const model::AccessKey& key) override;
  Status Update(const model::AccessKey& key) override;
  std::optional<model::AccessKey> Find(const model::AccessKeyId& id) override;
  std::vector<model::AccessKey> List(const ports::PageRequest& page) override;

 private:
  sql::Session& session_;
};

}  // namespace cacheplane::store
