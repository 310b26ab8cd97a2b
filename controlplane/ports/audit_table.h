// Audit records as the store has them (ports/store.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/model/audit.h"

namespace cacheplane::ports {

// Above these the oldest go: of callers who were let in, and of all others, who so cannot displace the first.
inline constexpr int kMostAuditRecords = 100'000;
inline constexpr int kMostAuditRecordsOfStrangers = 10'000;

struct AuditFilter {
  std::string resource_kind{};  // empty: all
  std::string resource{};       // as it is or in lower case; empty: all
  std::optional<WallTime> since{};
  std::uint64_t below = 0;  // only lower sequences; 0: all
  int limit = 100;
};

// Grows only: there is no way to change a record or to remove one.
class AuditTable {
 public:
  virtual ~AuditTable() = default;
  // Gives the record its sequence and returns it.
  virtual std::uint64_t Append(const model::AuditRecord& record) = 0;
  virtual std::vector<model::AuditRecord> List(const AuditFilter& filter) = 0;  // newest first
};

}  // namespace cacheplane::ports
