// Hosts, in SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/ports/store.h"
#include "controlplane/store/sql/session.h"

namespace cacheplane::store {

class HostTable final : public ports::HostTable {
 public:
  explicit HostTable(sql::Session& session) : session_(session) {}
  void PutHost(const model::Host& host) override;
  std::optional<model::Host> FindHost(const model::AgentName& agent) override;
  std::vector<model::Host> Hosts() override;

 private:
  sql::Session& session_;
};

}  // namespace cacheplane::store
