// What a call is about, as it is before and after: for the audit log.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/model/audit.h"
#include "controlplane/model/cluster.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

struct AuditSubject {
  // "cluster", "parameter-group", "subnet-group", "subnet", "security-group", "access-key", "agent" or "operation".
  // Others are kept as they are, and nothing is known of them; empty: the call is about nothing.
  std::string kind;
  std::string name;
};

// A subject at one instant. Both empty: there is none of that name.
struct SubjectState {
  std::optional<model::Cluster> cluster;
  std::map<std::string, std::string> fields;  // what there is besides a cluster's definition
};

// The name as the store has it. "cache-cluster", which may be a member of a cluster ("orders-001"), becomes that
// cluster where there is one.
AuditSubject ResolveSubject(ports::Transaction& transaction, AuditSubject subject);

SubjectState StateOf(ports::Transaction& transaction, const AuditSubject& subject);

// Fields that differ, a cluster's definition first, then by name. Pure.
std::vector<model::FieldChange> ChangesBetween(const SubjectState& before, const SubjectState& after);

}  // namespace cacheplane::service
