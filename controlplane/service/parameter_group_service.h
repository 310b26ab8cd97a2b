// ParameterGroupService: groups of parameter values, and which clusters a change of them reaches. Thread-safe; names
// are stored in lower case. Every mutating call is one transaction; agents are told after it.
//
// Errors: kInvalidArgument names the parameter, the value and what is allowed; kNotFound; kAlreadyExists;
// kFailedPrecondition for a default group, a group in use that is to be deleted, and what a cluster using the group
// cannot bear; kAborted for a stale etag; kResourceExhausted for the quota.
#pragma once

#include <string>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/parameter_group.h"
#include "controlplane/ports/signals.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"
#include "controlplane/service/parameter_group_changes.h"
#include "controlplane/service/parameter_groups.h"
#include "controlplane/service/parameter_requests.h"

namespace cacheplane::service {

class ParameterGroupService {
 public:
  // The references must outlive the service.
  ParameterGroupService(ports::Store& store, ports::ReconcileSignal& reconcile, ports::JournalSignal& journal,
                        const Clock& clock);

  Result<model::ParameterGroup> CreateParameterGroup(const CreateParameterGroupRequest& request);
  Result<model::ParameterGroup> CopyParameterGroup(const CopyParameterGroupRequest& request);
  // Sets parameters; all others stay.
  Result<model::ParameterGroup> ModifyParameterGroup(const ModifyParameterGroupRequest& request);
  // Gives parameters the family's defaults again.
  Result<model::ParameterGroup> ResetParameterGroup(const ResetParameterGroupRequest& request);
  Result<model::ParameterGroup> GetParameterGroup(const std::string& name) const;
  // Default groups and others, in order of names.
  Result<Page<model::ParameterGroup>> ListParameterGroups(const ListRequest& request) const;
  Result<Page<ParameterDetails>> ListParameters(const ListParametersRequest& request) const;
  Result<Page<ParameterDetails>> ListEngineDefaultParameters(const std::string& family,
                                                             const ListRequest& request) const;
  Status DeleteParameterGroup(const DeleteParameterGroupRequest& request);

 private:
  // Prepares a change in one transaction and commits it, at most once for each request id.
  template <typename Request, typename Prepare>
  Result<model::ParameterGroup> Mutate(const char* method, const Request& request, Prepare prepare);
  static Status Commit(ports::Transaction& transaction, const ParameterGroupChange& change, WallTime now);
  void Tell(const ParameterGroupChange& change);

  ports::Store& store_;
  ports::ReconcileSignal& reconcile_;
  ports::JournalSignal& journal_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
