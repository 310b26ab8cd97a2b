// The last endpoint map on disk: what a restarted router serves before it reaches the control plane, and the version
// below which it accepts nothing.
#pragma once

#include <filesystem>
#include <string>

#include "common/result.h"
#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

std::string MapToJson(const EndpointMap& map);

// kInvalidArgument when the text is not such a map.
Result<EndpointMap> MapFromJson(const std::string& text);

// A missing file is the empty map of version 0. A damaged one is kInvalidArgument: the caller goes on with an empty
// map, for the control plane sends it whole.
Result<EndpointMap> LoadMap(const std::filesystem::path& path);

// Atomic: survives the end of this process, and that of the host once it was saved.
Status PlaceMap(const std::filesystem::path& path, const EndpointMap& map);
// Atomic and durable.
Status SaveMap(const std::filesystem::path& path, const EndpointMap& map);

}  // namespace cacheplane::network
