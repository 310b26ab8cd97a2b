// How many tags a resource can have.
#pragma once

#include <optional>

#include "controlplane/gateway/aws/wire/fault.h"
#include "controlplane/service/tags.h"

namespace cacheplane::gateway::aws {

// TagQuotaPerResourceExceeded for more than 50.
std::optional<Fault> CheckTagQuota(const service::Tags& tags);

}  // namespace cacheplane::gateway::aws
