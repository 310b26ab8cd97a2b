#include "nodeagent/guard/lease_entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "common/text.h"

namespace cacheplane::guard {

Entry ToEntry(const network::SocketAddress& address, const network::Lease& lease) {
  Entry entry{.address = {},
              .pid = lease.process.pid,
              .start_time = lease.process.start_time,
              .end = lease.end.time_since_epoch().count()};
  const std::string text = fmt::format("{}:{}", address.address, address.port);
  std::copy_n(text.begin(), std::min(text.size(), entry.address.size() - 1), entry.address.begin());
  return entry;
}

Result<network::Leases> LeasesIn(const Packet& packet) {
  network::Leases leases;
  for (std::size_t i = 0; i < packet.count; ++i) {
    const Entry& entry = packet.entries[i];
    const std::string text(entry.address.begin(), std::find(entry.address.begin(), entry.address.end(), '\0'));
    const std::size_t colon = text.rfind(':');
    const auto port = colon == std::string::npos ? std::nullopt : ParseInt(text.substr(colon + 1));
    if (!port) return Internal(fmt::format("the guard names \"{}\", which is no address", text));
    CP_ASSIGN_OR_RETURN(const network::SocketAddress address,
                        network::ParseSocketAddress(text.substr(0, colon), *port));
    leases[address] = {.end = BootTime(std::chrono::milliseconds(entry.end)),
                       .process = {static_cast<pid_t>(entry.pid), entry.start_time}};
  }
  return leases;
}

}  // namespace cacheplane::guard
