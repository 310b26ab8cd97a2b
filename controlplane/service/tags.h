// Tags of clusters, parameter groups and subnet groups.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "common/result.h"

namespace cacheplane::service {

using Tags = std::map<std::string, std::string>;

// Makes of a resource's tags what they are to be; an error leaves them as they are.
using TagChange = std::function<Status(Tags& tags)>;

// At most 50, keys of 1 to 128 characters that do not start with "aws:", values of at most 256. kInvalidArgument naming
// `field`.
Status CheckTags(std::string_view field, const Tags& tags);

}  // namespace cacheplane::service
