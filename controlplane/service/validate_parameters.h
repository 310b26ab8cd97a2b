// Rules of parameter groups. Pure: requests and what exists go in, stored forms come out.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/parameter_group.h"
#include "controlplane/service/parameter_requests.h"

namespace cacheplane::service {

// Its name as stored: lower case, 1 to 255 letters, digits and hyphens, a letter first.
Result<std::string> CheckParameterGroupName(std::string_view field, std::string_view name);

// kInvalidArgument naming the families there are.
Status CheckFamily(std::string_view field, const std::string& family);

// The group with the values of `changes` set: 1 to 20, each parameter once, known to the family, modifiable and
// allowed.
Result<model::ParameterGroup> WithValues(model::ParameterGroup group, const std::vector<ParameterValue>& changes);

// The group with the family's defaults for all parameters, or for the 1 to 20 that are named.
Result<model::ParameterGroup> WithDefaults(model::ParameterGroup group, const ResetParameterGroupRequest& request);

// Names of the parameters whose values differ, sorted. Both are of one family.
std::vector<std::string> ChangedParameters(const model::ParameterGroup& before, const model::ParameterGroup& after);

// For a cluster that takes another group: kInvalidArgument unless both have as many databases. A replica with fewer
// passes over what is written to the others, and counts it as received (docs/adr/0015).
Status CheckDatabases(const model::ParameterGroup& before, const model::ParameterGroup& after);

// The parameters' values go together, and leave memory on every cluster that uses the group. kFailedPrecondition naming
// the cluster for a change of `databases` while one uses it: a node that has fewer of them than its primary would
// pass over its writes.
Status CheckChange(const model::ParameterGroup& before, const model::ParameterGroup& after,
                   const std::vector<model::Cluster>& users);

}  // namespace cacheplane::service
