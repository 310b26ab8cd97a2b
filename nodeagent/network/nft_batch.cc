#include "nodeagent/network/nft_batch.h"

#include <fmt/format.h>

namespace cacheplane::network {
namespace {

// The modulus here only gives the key its type; rules bring their own.
constexpr const char* kLayout =
    "add table ip {0}\n"
    "add map ip {0} spreads {{ typeof ip daddr . tcp dport : verdict ; }}\n"
    "add map ip {0} targets {{ typeof ip daddr . tcp dport . numgen random mod 65536 : ip daddr . tcp dport ; }}\n"
    "add chain ip {0} output {{ type nat hook output priority -100 ; }}\n"
    "add chain ip {0} prerouting {{ type nat hook prerouting priority -100 ; }}\n"
    "add rule ip {0} output ip daddr . tcp dport vmap @spreads\n"
    "add rule ip {0} prerouting ip daddr . tcp dport vmap @spreads\n";

constexpr const char* kSpreadChain =
    "add chain ip {0} spread_{1}\n"
    "add rule ip {0} spread_{1} dnat ip to ip daddr . tcp dport . numgen random mod {1} map @targets\n";

std::string Key(const SocketAddress& address) { return fmt::format("{} . {}", address.address, address.port); }
std::string Key(const Slot& slot) { return fmt::format("{} . {}", Key(slot.endpoint), slot.number); }

std::string Value(std::size_t spread) { return fmt::format("goto spread_{}", spread); }
std::string Value(const SocketAddress& target) { return Key(target); }

std::string Command(const char* verb, const std::string& table, const char* map,
                    const std::vector<std::string>& elements) {
  if (elements.empty()) return "";
  return fmt::format("{} element ip {} {} {{ {} }}\n", verb, table, map, fmt::join(elements, ", "));
}

// Deletions and additions that bring one map's elements to what is wanted. Unwanted keys are left alone.
template <typename Elements>
std::string ChangeElements(const std::string& table, const char* map, const Elements& there, const Elements& wanted) {
  std::vector<std::string> deleted;
  std::vector<std::string> added;
  for (const auto& [key, value] : wanted) {
    const auto old = there.find(key);
    if (old != there.end() && old->second == value) continue;
    if (old != there.end()) deleted.push_back(Key(key));
    added.push_back(fmt::format("{} : {}", Key(key), Value(value)));
  }
  return Command("delete", table, map, deleted) + Command("add", table, map, added);
}

template <typename Elements>
std::string DeleteUnwanted(const std::string& table, const char* map, const Elements& there, const Elements& wanted) {
  std::vector<std::string> deleted;
  for (const auto& [key, value] : there) {
    if (!wanted.contains(key)) deleted.push_back(Key(key));
  }
  return Command("delete", table, map, deleted);
}

// Chains out of use stay: they cost nothing and come into use again.
std::string AddChains(const std::string& table, const NftTable& there, const NftTable& wanted) {
  std::string commands;
  for (const std::size_t spread : wanted.chains) {
    if (!there.chains.contains(spread)) commands += fmt::format(kSpreadChain, table, spread);
  }
  return commands;
}

}  // namespace

std::vector<std::string> Transactions(const std::string& table, const NftTable& there, const NftTable& wanted) {
  const NftTable nothing;
  const NftTable& base = there.usable ? there : nothing;
  std::string change = there.usable ? "" : RemovalOf(table) + fmt::format(kLayout, table);
  change += AddChains(table, base, wanted);
  change += ChangeElements(table, "targets", base.targets, wanted.targets);
  change += DeleteUnwanted(table, "spreads", base.spreads, wanted.spreads);
  change += ChangeElements(table, "spreads", base.spreads, wanted.spreads);

  std::vector<std::string> transactions;
  if (!change.empty()) transactions.push_back(std::move(change));
  std::string sweep = DeleteUnwanted(table, "targets", base.targets, wanted.targets);
  if (!sweep.empty()) transactions.push_back(std::move(sweep));
  return transactions;
}

// Adding first makes the deletion succeed where there is no such table.
std::string RemovalOf(const std::string& table) {
  return fmt::format("add table ip {0}\ndelete table ip {0}\n", table);
}

}  // namespace cacheplane::network
