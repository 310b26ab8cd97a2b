#include "nodeagent/network/cut_batch.h"

#include <fmt/format.h>

#include <vector>

namespace cacheplane::network {
namespace {

constexpr const char* kLayout =
    "add table ip {0}\n"
    "delete table ip {0}\n"
    "add table ip {0}\n"
    "add set ip {0} engines {{ type ipv4_addr ; flags timeout ; }}\n"
    "add set ip {0} tcp_sockets {{ type ipv4_addr . inet_service ; flags timeout ; }}\n"
    "add set ip {0} udp_sockets {{ type ipv4_addr . inet_service ; flags timeout ; }}\n"
    "add chain ip {0} input {{ type filter hook input priority 0 ; }}\n"
    "add chain ip {0} output {{ type filter hook output priority 0 ; }}\n"
    "add rule ip {0} input ct mark {1} accept\n"
    "add rule ip {0} input ip saddr @engines ip daddr @engines accept\n"
    "add rule ip {0} input ip saddr @engines drop\n"
    "add rule ip {0} input ip daddr @engines drop\n"
    "add rule ip {0} input ip daddr . tcp dport @tcp_sockets drop\n"
    "add rule ip {0} input ip daddr . udp dport @udp_sockets drop\n"
    "add rule ip {0} output meta mark {1} ct mark set meta mark\n"
    "add rule ip {0} output ct mark {1} accept\n"
    "add rule ip {0} output ip saddr @engines ip daddr @engines accept\n"
    "add rule ip {0} output ip saddr @engines drop\n"
    "add rule ip {0} output ip daddr @engines drop\n"
    "add rule ip {0} output ip saddr . tcp sport @tcp_sockets drop\n"
    "add rule ip {0} output ip saddr . udp sport @udp_sockets drop\n";

std::string Add(const std::string& table, const char* set, const std::vector<std::string>& elements) {
  if (elements.empty()) return "";
  return fmt::format("add element ip {} {} {{ {} }}\n", table, set, fmt::join(elements, ", "));
}

}  // namespace

std::string CutLayout(const std::string& table, std::uint32_t mark) { return fmt::format(kLayout, table, mark); }

std::string CutBatch(const std::string& table, const CutTargets& targets, std::chrono::milliseconds duration) {
  const std::string timeout = fmt::format("timeout {}ms", duration.count());
  std::vector<std::string> engines;
  for (const std::string& address : targets.engines) engines.push_back(fmt::format("{} {}", address, timeout));
  std::vector<std::string> tcp;
  std::vector<std::string> udp;
  for (const auto& [transport, address] : targets.sockets) {
    (transport == Transport::kTcp ? tcp : udp)
        .push_back(fmt::format("{} . {} {}", address.address, address.port, timeout));
  }
  return Add(table, "engines", engines) + Add(table, "tcp_sockets", tcp) + Add(table, "udp_sockets", udp);
}

}  // namespace cacheplane::network
