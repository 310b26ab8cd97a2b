// The objects that exist from the first start, so that a cluster can be created without any network set-up.
#pragma once

#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

struct ZoneRange {
  std::string zone;  // "us-east-1a"
  std::string cidr;  // "127.20.0.0/20"
};

// us-east-1a, b and c in 127.20.0.0/20, 127.20.16.0/20 and 127.20.32.0/20.
std::vector<ZoneRange> DevelopmentZones();

// In a store without any network object: a subnet "subnet-<zone>" for each range, the subnet group "default" over all
// of them and the security group "default" that admits every address to every port. Otherwise does nothing, so that
// what an operator removed stays removed. kInvalidArgument for a range that is malformed or meets another.
Status EnsureDefaults(ports::Store& store, const std::vector<ZoneRange>& zones);

}  // namespace cacheplane::service
