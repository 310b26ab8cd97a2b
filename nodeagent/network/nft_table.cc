#include "nodeagent/network/nft_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace cacheplane::network {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsNameCharacter(char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

NftTable TableFor(const Endpoints& endpoints) {
  NftTable table{.usable = true, .chains = {}, .spreads = {}, .targets = {}};
  for (const auto& [endpoint, targets] : endpoints) {
    table.chains.insert(targets.size());
    table.spreads[endpoint] = targets.size();
    for (std::size_t number = 0; number < targets.size(); ++number) table.targets[{endpoint, number}] = targets[number];
  }
  return table;
}

Status CheckTableName(const std::string& name) {
  if (!name.empty() && name.size() <= 64 && IsLetter(name[0]) &&
      std::all_of(name.begin(), name.end(), IsNameCharacter)) {
    return {};
  }
  return InvalidArgument(fmt::format("\"{}\" cannot name a table: letters, digits and underscores only", name));
}

}  // namespace cacheplane::network
