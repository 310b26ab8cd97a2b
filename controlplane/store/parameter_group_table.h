// Parameter groups, in SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controlplane/ports/store.h"
#include "controlplane/store/sql/session.h"

namespace cacheplane::store {

class ParameterGroupTable final : public ports::ParameterGroupTable {
 public:
  explicit ParameterGroupTable(sql::Session& session) : session_(session) {}
  Status Insert(const model::ParameterGroup& group) override;
  Status Update(const model::ParameterGroup& group) override;
  Status Remove(const std::string& name) override;
  std::optional<model::ParameterGroup> Find(const std::string& name) override;
  std::vector<model::ParameterGroup> List(const ports::PageRequest& page) override;

 private:
  sql::Session& session_;
};

}  // namespace cacheplane::store
