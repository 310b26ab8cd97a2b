#include "controlplane/decide/joining.h"

#include <algorithm>
#include <tuple>

#include "controlplane/decide/hosts.h"

namespace cacheplane::decide {
namespace {

class Search {
 public:
  Search(const ClusterView& view, const Joiner& joiner) : view_(view), joiner_(joiner) {}

  Seat Find() {
    const HostView* best = nullptr;
    for (const HostView& host : view_.hosts) {
      if (IsFit(host) && (best == nullptr || Rank(host) < Rank(*best))) best = &host;
    }
    if (best != nullptr) return {NodeOn(*best), ""};
    return {std::nullopt, reasons_.empty() ? "there is no other host" : reasons_.substr(2)};
  }

 private:
  // Notes the reason when it is not.
  bool IsFit(const HostView& host) {
    if (host.host.agent == joiner_.not_on) return false;
    const std::string why = WhyUnfit(host);
    if (!why.empty()) reasons_ += fmt::format("; in {} {}", host.host.zone, why);
    return why.empty();
  }

  std::string WhyUnfit(const HostView& host) const {
    const std::vector<std::string> zones = ZonesOf(view_);
    if (!std::binary_search(zones.begin(), zones.end(), host.host.zone)) {
      return fmt::format("{} is outside the subnet group", host.host.agent);
    }
    if (std::string why = WhyHostCannot(host, view_, Growth(host)); !why.empty()) return why;
    if (!FindAddress(view_, host.host.zone)) return "no address is free";
    // Placement puts nodes of a Multi-AZ shard into as many zones as there are, so at least into two.
    const std::ptrdiff_t others = std::ssize(joiner_.others);
    if (view_.cluster.spec.multi_az && others > 0 && InZone(host.host.zone) == others) {
      return fmt::format("{} would leave all nodes in one zone (Multi-AZ)", host.host.agent);
    }
    return {};
  }

  // What the shard's nodes there still take more, once they are made anew.
  std::int64_t Growth(const HostView& host) const {
    std::int64_t more = 0;
    for (const NodeView& node : view_.nodes) {
      if (node.planned.agent != host.host.agent) continue;
      more += std::max<std::int64_t>(0, view_.node_memory_bytes - node.planned.memory_bytes);
    }
    return more;
  }

  std::ptrdiff_t InZone(const std::string& zone) const {
    return std::count_if(joiner_.others.begin(), joiner_.others.end(),
                         [&](const NodeView* node) { return node->planned.zone == zone; });
  }

  std::ptrdiff_t OnHost(const model::AgentName& agent) const {
    return std::count_if(joiner_.others.begin(), joiner_.others.end(),
                         [&](const NodeView* node) { return node->planned.agent == agent; });
  }

  // The lowest is best.
  std::tuple<std::ptrdiff_t, bool, std::ptrdiff_t, bool, double, std::string> Rank(const HostView& host) const {
    const std::string& zone = host.host.zone;
    const double reserved = static_cast<double>(host.reserved_bytes);
    return {OnHost(host.host.agent),
            !joiner_.zone.empty() && zone != joiner_.zone,
            InZone(zone),
            PrimaryOf(view_)->planned.agent == host.host.agent,
            reserved / static_cast<double>(std::max<std::int64_t>(1, host.host.memory_bytes)),
            host.host.agent.str()};
  }

  model::Node NodeOn(const HostView& host) const {
    const auto address = FindAddress(view_, host.host.zone);
    return {.incarnation = {},
            .name = joiner_.name,
            .cluster = view_.cluster.uid,
            .shard = view_.shard->ordinal,
            .ordinal = joiner_.ordinal,
            .agent = host.host.agent,
            .zone = host.host.zone,
            .subnet = address->subnet,
            .address = {address->ip, view_.cluster.spec.port},
            .role = model::Role::kReplica,
            .boot = {},
            .recovering = true,
            .joined = view_.shard->epoch.Next(),
            .engine = view_.cluster.spec.engine,
            .image_version = ImageFor(host.host, view_.cluster.spec),
            .memory_bytes = view_.node_memory_bytes};
  }

  const ClusterView& view_;
  const Joiner& joiner_;
  std::string reasons_;
};

}  // namespace

Seat FindSeat(const ClusterView& view, const Joiner& joiner) { return Search(view, joiner).Find(); }

}  // namespace cacheplane::decide
