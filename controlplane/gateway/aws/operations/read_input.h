// Members of a call's input. One that was not sent is absent; its type was checked when the call was decoded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/paging.h"
#include "controlplane/service/tags.h"

namespace cacheplane::gateway::aws {

// Empty when it is absent.
std::string TextIn(const Json& input, const char* member);
std::optional<int> NumberIn(const Json& input, const char* member);
std::optional<bool> FlagIn(const Json& input, const char* member);
std::vector<std::string> TextsIn(const Json& input, const char* member);
// Structures of a list; an empty array when it is absent.
Json StructuresIn(const Json& input, const char* member);

// Of "Tags", by key. kInvalidArgument for a key that is named twice.
Result<service::Tags> TagsIn(const Json& input);

// Absent, or "" or []: several clients send an empty list for one that was not given.
bool IsEmptyIn(const Json& input, const char* member);

// A value for a message: texts in quotes, everything else as JSON, cut when it is long.
std::string ShownValue(const Json& value);

// MaxRecords and Marker. kInvalidArgument unless MaxRecords is 1 to 100.
Result<service::ListRequest> ListRequestIn(const Json& input);

// The id by which a service recognises a repeated call; empty when the client sent none that can be used.
std::string RequestIdOf(const Call& call);

}  // namespace cacheplane::gateway::aws
