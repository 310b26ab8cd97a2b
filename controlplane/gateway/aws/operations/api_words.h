// Services name the fields of their own requests when they refuse one; callers of the AWS API know its members.
#pragma once

#include <initializer_list>
#include <string_view>

#include "common/result.h"

namespace cacheplane::gateway::aws {

struct ApiWord {
  std::string_view ours;  // "parameter_group.name"
  std::string_view api;   // "CacheParameterGroupName"
};

// "spec.node_type: is required" is "CacheNodeType: is required". Our fields are told in the API's words wherever they
// stand, but for what is in double quotes. `subjects` come first: paths wherever they stand, words of every day, such
// as "name", only as the field that the message is about.
Error InApiWords(const Error& error, std::initializer_list<ApiWord> subjects);

}  // namespace cacheplane::gateway::aws
