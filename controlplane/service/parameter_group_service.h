// ParameterGroupService: groups of parameter values, and which clusters a change of them reaches. Thread-safe; names
// are stored in lower case. Every mutating call is one transaction; agents are told after it. Values that change are
// tried by throw-away engines first, without a transaction:
//
//   prepare (read) ──► engines try the values ──► prepare again, commit ──► tell
//                        │ one refuses              │ the group is another by now
//                        ▼                          ▼
//                      nothing changes            nothing changes
//
// Errors: kInvalidArgument names the parameter, the value and what is allowed, or has an engine's words; kNotFound;
// kAlreadyExists; kFailedPrecondition for a default group, a group in use that is to be deleted, and what a cluster
// using the group cannot bear; kAborted for a stale etag, and when the group changed during the trial;
// kResourceExhausted for the quota.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/parameter_group.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"
#include "controlplane/ports/trials.h"
#include "controlplane/service/paging.h"
#include "controlplane/service/parameter_group_changes.h"
#include "controlplane/service/parameter_groups.h"
#include "controlplane/service/parameter_requests.h"
#include "controlplane/service/parameter_trials.h"
#include "controlplane/service/signals.h"

namespace cacheplane::service {

// A group after its values were changed.
struct ChangedParameterGroup {
  model::ParameterGroup group;
  std::vector<ParameterTrial> trials{};  // none when no value changed
};

class ParameterGroupService {
 public:
  using Done = std::function<void(Result<ChangedParameterGroup>)>;

  // The references must outlive the service, and whoever answers for an agent must have answered before it ends.
  ParameterGroupService(ports::Store& store, const ports::FactSource& facts, ports::TrialSender& trials,
                        Signals signals, const Clock& clock);

  Result<model::ParameterGroup> CreateParameterGroup(const CreateParameterGroupRequest& request);
  Result<model::ParameterGroup> CopyParameterGroup(const CopyParameterGroupRequest& request);
  // Both wait for engines, up to 8 s, and call `done` once, from any thread and perhaps before they return.
  // Sets parameters; all others stay.
  void ModifyParameterGroup(const ModifyParameterGroupRequest& request, const Done& done);
  // Gives parameters the family's defaults again.
  void ResetParameterGroup(const ResetParameterGroupRequest& request, const Done& done);
  // In every state of its clusters, which are not touched. The errors of `change` as well.
  Result<model::ParameterGroup> TagParameterGroup(const std::string& name, const TagChange& change);
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
  // The same once engines have tried the values.
  template <typename Request, typename Prepare>
  void MutateTried(const char* method, const Request& request, Prepare prepare, const Done& done);
  static Status Commit(ports::Transaction& transaction, const ParameterGroupChange& change, WallTime now);
  void Tell(const ParameterGroupChange& change);

  ports::Store& store_;
  const ports::FactSource& facts_;
  ports::TrialSender& trials_;
  const Signals signals_;
  const Clock& clock_;
};

}  // namespace cacheplane::service
