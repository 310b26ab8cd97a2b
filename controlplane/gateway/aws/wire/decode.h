// From a form to the input of an operation, by the shape that the model gives it.
//
//   NodeGroupConfiguration.NodeGroupConfiguration.1.Slots=0-8191   structure in a list in a structure
//   SecurityGroupIds.SecurityGroupId.1=sg-1                        list, its items by their name in the model …
//   SecurityGroupIds.member.1=sg-1                                 … or by "member", as older clients send them
//   SecurityGroupIds=                                              empty list
//   SubnetId.1=subnet-1                                            list whose items have no name, as EC2 has them
//
// The shape leads: what it does not know is not looked at, however deep a hostile name goes.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/wire/form.h"
#include "controlplane/gateway/aws/wire/model.h"

namespace cacheplane::gateway::aws {

inline constexpr int kMaxListNumber = 10'000;

struct Decoded {
  Json input;                        // as Call::input
  std::vector<std::string> unknown;  // names that `shape` has no place for; newer clients send some
};

// List items are ordered by number; gaps do not matter. MissingParameter names a required member that is absent.
// InvalidParameterValue names the parameter, its value and what is allowed: numbers of 32 bits, finite doubles, "true"
// or "false" in any case, timestamps as in iso_time.h, values of enumerations, texts that XML can hold, list numbers of
// 1 to kMaxListNumber. "Action" and "Version" are the protocol's own, and no unknown ones.
std::variant<Decoded, Fault> Decode(const Form& form, const Shape& shape);

}  // namespace cacheplane::gateway::aws
