// The definitions that a cluster had, and what differs between two of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/model/audit.h"
#include "controlplane/model/cluster.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"

namespace cacheplane::service {

struct RevisionDetails {
  model::Revision revision;
  std::vector<std::string> changes;  // against the one before, as ChangesBetween; empty when that one is not kept
};

// Each field that differs, in the order of the definition's fields, then of what waits: "pending.node_type". An absent
// value is "none"; what was written freely is in quotes. Pure.
std::vector<model::FieldChange> FieldChanges(const model::Definition& before, const model::Definition& after);

// The same as lines: "engine_version: 8.0 → 8.1", "tags.team: none → \"core\"". Pure.
std::vector<std::string> ChangesBetween(const model::Definition& before, const model::Definition& after);

// Of a change between the definitions of a cluster: the lines of what had waited and is done now, though it is none of
// the `fields` that were asked for. Pure.
std::vector<std::string> TakenAlong(const model::Cluster& before, const model::Cluster& after,
                                    const std::vector<std::string>& fields);

// Newest first. kInvalidArgument as ReadListRequest.
Result<Page<RevisionDetails>> ListRevisions(ports::Transaction& transaction, const model::Cluster& cluster,
                                            const ListRequest& request);

// kInvalidArgument for a number that is none; kNotFound, naming those that are kept.
Result<model::Revision> FindRevision(ports::Transaction& transaction, const model::Cluster& cluster,
                                     std::int64_t number);

}  // namespace cacheplane::service
