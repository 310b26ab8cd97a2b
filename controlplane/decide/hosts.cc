#include "controlplane/decide/hosts.h"

#include <algorithm>

#include "common/text.h"

namespace cacheplane::decide {
const HostView* HostOf(const ClusterView& view, const model::AgentName& agent) {
  const auto found = std::find_if(view.hosts.begin(), view.hosts.end(),
                                  [&](const HostView& candidate) { return candidate.host.agent == agent; });
  return found == view.hosts.end() ? nullptr : &*found;
}

std::string ImageFor(const model::Host& host, const model::ClusterSpec& spec) {
  return model::NewestImage(host, spec.engine, spec.engine_version);
}

std::string WhyHostCannot(const HostView& host, const ClusterView& view, std::int64_t already) {
  const model::ClusterSpec& spec = view.cluster.spec;
  if (!host.connected) return fmt::format("{} is not connected", host.host.agent);
  if (host.host.admission != model::Admission::kOpen) {
    return fmt::format("{} is {}", host.host.agent, model::AdmissionName(host.host.admission));
  }
  if (ImageFor(host.host, spec).empty()) {
    return fmt::format("{} has no image of {} {}", host.host.agent, spec.engine, spec.engine_version);
  }
  const std::int64_t free = host.host.memory_bytes - host.reserved_bytes - already;
  if (free < view.node_memory_bytes) {
    return fmt::format("{} has {} free of the {} needed", host.host.agent, InGibibytes(std::max<std::int64_t>(0, free)),
                       InGibibytes(view.node_memory_bytes));
  }
  return {};
}

std::vector<std::string> ZonesOf(const ClusterView& view) {
  std::set<std::string> zones;
  for (const SubnetView& subnet : view.subnets) zones.insert(subnet.subnet.zone);
  return {zones.begin(), zones.end()};
}

std::optional<FreeAddress> FindAddress(const ClusterView& view, const std::string& zone,
                                       const std::set<std::string>& taken) {
  for (const SubnetView& subnet : view.subnets) {
    if (subnet.subnet.zone != zone) continue;
    const model::Cidr& cidr = subnet.subnet.cidr;
    for (std::int64_t i = 0; i < model::UsableAddresses(cidr); ++i) {
      const std::string ip = model::FormatIpv4(cidr.base + model::kReservedAtStart + static_cast<std::uint32_t>(i));
      if (!subnet.used.contains(ip) && !taken.contains(ip)) return FreeAddress{subnet.subnet.name, ip};
    }
  }
  return std::nullopt;
}

}  // namespace cacheplane::decide
