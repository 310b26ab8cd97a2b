// Services name the fields of their own requests when they refuse one; callers of the AWS API know its members.
#pragma once

#include <initializer_list>
#include <string_view>

#include "common/result.h"

namespace cacheplane::gateway::aws {

struct ApiWord {
  std::string_view field;   // "parameter_group.name"
  std::string_view member;  // "CacheParameterGroupName"
};

// The error with the member's name in place of the field that its message starts with, page tokens included; any other
// message stays as it is.
Error InApiWords(Error error, std::initializer_list<ApiWord> words);

}  // namespace cacheplane::gateway::aws
