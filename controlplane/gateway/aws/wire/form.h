// Bodies of application/x-www-form-urlencoded: how the Query API sends its parameters.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "controlplane/gateway/aws/wire/fault.h"

namespace cacheplane::gateway::aws {

// Decoded values by decoded name ("Tags.Tag.1.Key").
using Form = std::map<std::string, std::string, std::less<>>;

// The longest request that makes sense, 500 shards with their zones, has some 4500.
inline constexpr std::size_t kMaxParameters = 5000;

// "+" and "%20" are spaces; a name without "=" has the empty value; empty pairs ("&&") are nothing.
// MalformedQueryString for "%" without two hexadecimal digits, for bytes that are no UTF-8, for an empty name, for a
// name given twice (which of the two was meant nobody knows) and for more than kMaxParameters.
std::variant<Form, Fault> ParseForm(std::string_view body);

// A value as a message tells it: quoted, and cut when it is long.
std::string Quoted(std::string_view value);

}  // namespace cacheplane::gateway::aws
