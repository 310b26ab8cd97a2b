// What goes wrong with a call, as AWS tells it.
#pragma once

#include <string>

#include "common/result.h"

namespace cacheplane::gateway::aws {

struct Fault {
  std::string code;  // on the wire: "ReplicationGroupNotFoundFault", "CacheClusterNotFound"
  int http = 400;    // AWS has 400, 403, 404, 408, 500 and 503
  std::string message;

  bool operator==(const Fault&) const = default;
};

// A fault of the model, by the name of its shape ("ReplicationGroupAlreadyExistsFault"), whose code and HTTP status the
// model has. Precondition: there is one.
Fault FaultNamed(const std::string& shape, std::string message);

// The common ones, which no model lists.
Fault InvalidAction(std::string message);
Fault MissingParameter(std::string message);
Fault InvalidParameterValue(std::string message);
Fault InvalidParameterCombination(std::string message);

// Shapes of the model that say that the thing a call is about does not exist, exists, or is not in a state to do that.
struct FaultNames {
  const char* not_found = "";
  const char* exists = "";
  const char* state = "";
  const char* quota = "";
};

// What a service refused, told as a call of `names` tells it: kInvalidArgument is InvalidParameterValue; what is not
// built yet is InvalidParameterCombination that says so; a kind that `names` has no shape for is
// InvalidParameterCombination; kUnavailable and kInternal are ServiceUnavailable and InternalFailure.
Fault FaultOf(const Error& error, const FaultNames& names);

}  // namespace cacheplane::gateway::aws
