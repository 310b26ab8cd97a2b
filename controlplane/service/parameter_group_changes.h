// What each mutating call of ParameterGroupService changes, decided from a request and the stored rows. Nothing is
// written here; parameter_group_service.cc carries it out in the same transaction.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/parameter_group.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/parameter_requests.h"

namespace cacheplane::service {

struct ParameterGroupChange {
  enum class Write { kInsert, kUpdate, kRemove, kNothing };
  Write write = Write::kNothing;
  model::ParameterGroup group;
  std::string event;                    // of the group
  std::vector<std::string> parameters;  // that changed, sorted
  std::vector<model::Cluster> users;    // whose nodes are to be told
  std::string untried;                  // what engines have not tried of it, as events say it; empty: nothing
};

// Errors as the service's.
Result<ParameterGroupChange> PrepareCreate(ports::Transaction& transaction, const CreateParameterGroupRequest& request);
Result<ParameterGroupChange> PrepareCopy(ports::Transaction& transaction, const CopyParameterGroupRequest& request);
Result<ParameterGroupChange> PrepareModify(ports::Transaction& transaction, const ModifyParameterGroupRequest& request);
Result<ParameterGroupChange> PrepareReset(ports::Transaction& transaction, const ResetParameterGroupRequest& request);
Result<ParameterGroupChange> PrepareDelete(ports::Transaction& transaction, const DeleteParameterGroupRequest& request);

// kFailedPrecondition for a default group; `change`'s own errors.
Result<ParameterGroupChange> PrepareTags(ports::Transaction& transaction, const std::string& name,
                                         const TagChange& change);

// Stored or default; kNotFound naming `field`.
Result<model::ParameterGroup> RequireParameterGroup(ports::Transaction& transaction, std::string_view field,
                                                    const std::string& name);

}  // namespace cacheplane::service
