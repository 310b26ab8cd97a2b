// The operations of EC2 that are served, by the names that are on the wire (2016-11-15).
#pragma once

#include <string_view>

#include "controlplane/gateway/aws/wire/model.h"

namespace cacheplane::gateway::aws::ec2 {

// Null for any other.
const ModelOperation* FindOperation(std::string_view action);

}  // namespace cacheplane::gateway::aws::ec2
