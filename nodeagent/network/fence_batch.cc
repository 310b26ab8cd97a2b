#include "nodeagent/network/fence_batch.h"

#include <fmt/format.h>

#include <vector>

namespace cacheplane::network {
namespace {

constexpr const char* kLayout =
    "add table ip {0}\n"
    "add set ip {0} guarded {{ type ipv4_addr . inet_service ; }}\n"
    "add set ip {0} leased {{ type ipv4_addr . inet_service ; flags timeout ; }}\n"
    "add chain ip {0} input {{ type filter hook input priority 0 ; }}\n"
    "add chain ip {0} output {{ type filter hook output priority 0 ; }}\n"
    "flush chain ip {0} input\n"
    "flush chain ip {0} output\n"
    "add rule ip {0} input ct mark {1} accept\n"
    "add rule ip {0} input ip daddr . tcp dport @guarded ip daddr . tcp dport != @leased drop\n"
    "add rule ip {0} output meta mark {1} ct mark set meta mark\n"
    "add rule ip {0} output ct mark {1} accept\n"
    "add rule ip {0} output ip saddr . tcp sport @guarded tcp flags & rst == rst accept\n"
    "add rule ip {0} output ip saddr . tcp sport @guarded ip saddr . tcp sport != @leased drop\n";

std::string Key(const SocketAddress& address) { return fmt::format("{} . {}", address.address, address.port); }

std::string Command(const char* verb, const std::string& table, const char* set,
                    const std::vector<std::string>& elements) {
  if (elements.empty()) return "";
  return fmt::format("{} element ip {} {} {{ {} }}\n", verb, table, set, fmt::join(elements, ", "));
}

}  // namespace

std::string FenceLayout(const std::string& table, std::uint32_t mark) { return fmt::format(kLayout, table, mark); }

std::string GuardBatch(const std::string& table, const TimesLeft& times) {
  std::vector<std::string> keys;
  std::vector<std::string> timed;
  std::vector<std::string> lasting;
  for (const auto& [address, left] : times) {
    keys.push_back(Key(address));
    lasting.push_back(fmt::format("{} timeout 1h", Key(address)));
    if (left.count() > 0) timed.push_back(fmt::format("{} timeout {}ms", Key(address), left.count()));
  }
  return Command("add", table, "guarded", keys) + Command("add", table, "leased", lasting) +
         Command("delete", table, "leased", keys) + Command("add", table, "leased", timed);
}

std::string UnguardBatch(const std::string& table, const SocketAddress& address) {
  const std::vector<std::string> key = {Key(address)};
  const std::vector<std::string> lasting = {key.front() + " timeout 1h"};
  return Command("add", table, "leased", lasting) + Command("delete", table, "leased", key) +
         Command("add", table, "guarded", key) + Command("delete", table, "guarded", key);
}

}  // namespace cacheplane::network
