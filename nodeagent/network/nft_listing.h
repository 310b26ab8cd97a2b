// Reads our table back from what `list table` prints in JSON, so that a restarted router changes only what differs.
#pragma once

#include <string>

#include "nodeagent/network/nft_table.h"

namespace cacheplane::network {

// A table laid out otherwise, by an older version or by hand, comes back with usable = false.
// kInvalidArgument when the text is not such a listing.
Result<NftTable> TableFromListing(const std::string& json);

// Whether a listing of chains has those of our table. kInvalidArgument as above.
Result<bool> HasTable(const std::string& table, const std::string& json);

}  // namespace cacheplane::network
