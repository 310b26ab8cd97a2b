// Pure: the nftables transactions that lead from the table that is there to the table that shall be.
#pragma once

#include <string>
#include <vector>

#include "nodeagent/network/nft_table.h"

namespace cacheplane::network {

// Transactions in their order; none when nothing is to do.
//
// The first one makes the whole change visible at once: changed elements are deleted and added again, unchanged ones
// are not mentioned. A packet looks up `spreads` and then `targets`; one that read the old number just before the
// change must still find its slot, so slots that went out of use are deleted by a second transaction.
// A table that is not usable is replaced as a whole, in one transaction.
std::vector<std::string> Transactions(const std::string& table, const NftTable& there, const NftTable& wanted);

// Removes the table, whether it is there or not.
std::string RemovalOf(const std::string& table);

}  // namespace cacheplane::network
