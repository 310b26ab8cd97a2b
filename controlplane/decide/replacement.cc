#include "controlplane/decide/replacement.h"

#include <algorithm>
#include <tuple>

#include "controlplane/decide/hosts.h"

namespace cacheplane::decide {
namespace {

using std::chrono::milliseconds;

// What it waits for changes seldom, and every look reads all hosts and nodes.
constexpr milliseconds kLookAgain{2000};

double Seconds(milliseconds duration) { return static_cast<double>(duration.count()) / 1000.0; }

bool IsBeingReplaced(const NodeView& node, const Policy& policy) {
  return node.planned.recovering && node.planned.joined.value > 0 && !IsLost(node, policy);
}

const NodeView* FirstLost(const ClusterView& view, const Policy& policy) {
  for (const NodeView* replica : ReplicasOf(view)) {
    if (IsLost(*replica, policy)) return replica;
  }
  return nullptr;
}

// Why nothing is replaced in the whole installation; empty when something may be.
std::string WhyNotNow(const ClusterView& view, const Policy& policy) {
  if (MostHostsAreSilent(view)) {
    const auto silent =
        std::count_if(view.hosts.begin(), view.hosts.end(), [](const HostView& host) { return !host.connected; });
    return fmt::format("{} of {} hosts are silent, so that it may be the control plane that is cut off", silent,
                       view.hosts.size());
  }
  if (view.unbroken <= policy.replace_after) return "most hosts were silent until lately";
  const auto under_way = std::count_if(view.replacements.begin(), view.replacements.end(),
                                       [&](milliseconds age) { return age < policy.replacement_slot; });
  if (under_way >= policy.replacements_at_once) return fmt::format("{} other replacements come first", under_way);
  return {};
}

// Chooses the host that takes over from a lost one.
class Replacement {
 public:
  Replacement(const ClusterView& view, const NodeView& lost, const Policy& policy) : view_(view), lost_(lost) {
    for (const NodeView& node : view.nodes) {
      if (&node != &lost && !IsLost(node, policy)) others_.push_back(&node);
    }
  }

  Step Decide(const Policy& policy) {
    const HostView* best = nullptr;
    for (const HostView& host : view_.hosts) {
      if (IsFit(host) && (best == nullptr || Rank(host) < Rank(*best))) best = &host;
    }
    const std::string& name = lost_.planned.name.str();
    if (best == nullptr) {
      return Waiting{fmt::format("{} cannot be replaced: {}", name,
                                 reasons_.empty() ? "there is no other host" : reasons_.substr(2)),
                     kLookAgain};
    }
    return ReplaceNode{
        lost_.planned.incarnation, NodeOn(*best), view_.shard->epoch.Next(),
        fmt::format("{} has not been heard for {:.0f} s", lost_.planned.agent, Seconds(policy.replace_after))};
  }

 private:
  // Notes the reason when it is not.
  bool IsFit(const HostView& host) {
    if (host.host.agent == lost_.planned.agent) return false;
    const std::string why = WhyUnfit(host);
    if (!why.empty()) reasons_ += fmt::format("; in {} {}", host.host.zone, why);
    return why.empty();
  }

  std::string WhyUnfit(const HostView& host) const {
    const std::vector<std::string> zones = ZonesOf(view_);
    if (!std::binary_search(zones.begin(), zones.end(), host.host.zone)) {
      return fmt::format("{} is outside the subnet group", host.host.agent);
    }
    if (std::string why = WhyHostCannot(host, view_); !why.empty()) return why;
    if (!FindAddress(view_, host.host.zone)) return "no address is free";
    // Placement puts nodes of a Multi-AZ shard into as many zones as there are, so at least into two.
    if (view_.cluster.spec.multi_az && InZone(host.host.zone) == std::ssize(others_)) {
      return fmt::format("{} would leave all nodes in one zone (Multi-AZ)", host.host.agent);
    }
    return {};
  }

  std::ptrdiff_t InZone(const std::string& zone) const {
    return std::count_if(others_.begin(), others_.end(),
                         [&](const NodeView* node) { return node->planned.zone == zone; });
  }

  std::ptrdiff_t OnHost(const model::AgentName& agent) const {
    return std::count_if(others_.begin(), others_.end(),
                         [&](const NodeView* node) { return node->planned.agent == agent; });
  }

  // The lowest is best: alone on its host, in the same zone, else where the shard has the fewest nodes; apart from the
  // primary; least loaded.
  std::tuple<std::ptrdiff_t, bool, std::ptrdiff_t, bool, double, std::string> Rank(const HostView& host) const {
    const std::string& zone = host.host.zone;
    const double reserved = static_cast<double>(host.reserved_bytes);
    return {OnHost(host.host.agent),
            zone != lost_.planned.zone,
            InZone(zone),
            PrimaryOf(view_)->planned.agent == host.host.agent,
            reserved / static_cast<double>(std::max<std::int64_t>(1, host.host.memory_bytes)),
            host.host.agent.str()};
  }

  model::Node NodeOn(const HostView& host) const {
    const auto address = FindAddress(view_, host.host.zone);
    return {.incarnation = {},
            .name = lost_.planned.name,
            .cluster = lost_.planned.cluster,
            .shard = lost_.planned.shard,
            .ordinal = lost_.planned.ordinal,
            .agent = host.host.agent,
            .zone = host.host.zone,
            .subnet = address->subnet,
            .address = {address->ip, view_.cluster.spec.port},
            .role = model::Role::kReplica,
            .boot = {},
            .recovering = true,
            .joined = view_.shard->epoch.Next(),
            .image_version = ImageFor(host.host, view_.cluster.spec),
            .memory_bytes = view_.node_memory_bytes};
  }

  const ClusterView& view_;
  const NodeView& lost_;
  std::vector<const NodeView*> others_;  // of the shard, that are not lost
  std::string reasons_;
};

}  // namespace

bool MostHostsAreSilent(const ClusterView& view) {
  const auto silent =
      std::count_if(view.hosts.begin(), view.hosts.end(), [](const HostView& host) { return !host.connected; });
  return 2 * silent > std::ssize(view.hosts);
}

bool NeedsHosts(const ClusterView& view, const Policy& policy) {
  const milliseconds patience = std::min(policy.agent_grace, policy.replace_after);
  const auto long_silent = [&](const NodeView& node) { return node.silence > patience; };
  return view.nodes.empty() || std::any_of(view.nodes.begin(), view.nodes.end(), long_silent);
}

std::optional<Step> DecideReplacement(const ClusterView& view, const Policy& policy) {
  const NodeView* lost = FirstLost(view, policy);
  if (lost == nullptr || view.shard->attached != view.shard->epoch) return std::nullopt;
  const auto being_replaced = [&](const NodeView& node) { return IsBeingReplaced(node, policy); };
  if (std::any_of(view.nodes.begin(), view.nodes.end(), being_replaced)) return std::nullopt;
  if (const std::string why = WhyNotNow(view, policy); !why.empty()) {
    return Waiting{fmt::format("{} is not replaced yet: {}", lost->planned.name, why), kLookAgain};
  }
  return Replacement(view, *lost, policy).Decide(policy);
}

}  // namespace cacheplane::decide
