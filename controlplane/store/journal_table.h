// Operations, events and remembered requests, in SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/ports/store.h"
#include "controlplane/store/sql/session.h"

namespace cacheplane::store {

class JournalTable final : public ports::JournalTable {
 public:
  explicit JournalTable(sql::Session& session) : session_(session) {}
  void PutOperation(const model::Operation& operation) override;
  std::optional<model::Operation> FindOperation(const model::OperationId& id) override;
  std::vector<model::Operation> Operations(const std::string& target, const ports::PageRequest& page) override;
  int CountRolling(WallTime since) override;
  std::uint64_t AppendEvent(const model::Event& event) override;
  std::vector<model::Event> Events(const ports::EventFilter& filter) override;
  std::uint64_t LastEventSequence() override;
  void ForgetEventsBefore(WallTime time) override;
  void Remember(const ports::RememberedRequest& request) override;
  std::optional<ports::RememberedRequest> Recall(const std::string& request_id) override;
  void ForgetRequestsBefore(WallTime time) override;

 private:
  sql::Session& session_;
};

}  // namespace cacheplane::store
