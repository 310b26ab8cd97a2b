#include "controlplane/decide/placement.h"

#include <algorithm>
#include <tuple>

#include "controlplane/decide/hosts.h"

namespace cacheplane::decide {
namespace {

// Builds a placement node by node; what it has given away so far counts against the next.
class Placement {
 public:
  explicit Placement(const ClusterView& view) : view_(view), zones_(ZonesOf(view)) {}

  std::variant<PlaceNodes, Blocked> Decide() {
    const int count = model::NodesPerShard(view_.cluster.spec);
    for (int ordinal = 1; ordinal <= count; ++ordinal) {
      if (!PlaceNode(ordinal)) return Blocked{problem_};
    }
    if (!PlaceEndpoint(model::EndpointKind::kPrimary) || !PlaceEndpoint(model::EndpointKind::kReader)) {
      return Blocked{problem_};
    }
    result_.shard = {view_.cluster.uid, 1, model::Epoch{1}, model::Epoch{0}, model::Epoch{1}};
    return std::move(result_);
  }

 private:
  // Zones to try for a node, best first. One entry means: there or nowhere.
  std::vector<std::string> Candidates(int ordinal) const {
    const model::ClusterSpec& spec = view_.cluster.spec;
    const auto index = static_cast<std::size_t>(ordinal - 1);
    if (index < spec.preferred_zones.size()) return {spec.preferred_zones[index]};
    std::vector<std::string> rotated = zones_;
    if (rotated.empty()) return rotated;
    std::rotate(rotated.begin(), rotated.begin() + static_cast<std::ptrdiff_t>(index % rotated.size()), rotated.end());
    if (spec.multi_az) rotated.resize(1);
    return rotated;
  }

  bool PlaceNode(int ordinal) {
    const std::string why = view_.cluster.spec.multi_az ? " (Multi-AZ)" : "";
    std::string reasons;
    for (const std::string& zone : Candidates(ordinal)) {
      const HostView* host = BestHost(zone, reasons);
      const std::optional<FreeAddress> address = host ? TakeAddress(zone) : std::nullopt;
      if (host && address) {
        AddNode(ordinal, *host, *address);
        return true;
      }
      if (host) reasons += fmt::format("; no free address in the subnets of {}", zone);
    }
    if (reasons.empty()) reasons = "; the subnet group has no zone with a host";
    problem_ =
        fmt::format("cannot place {}{}: {}", model::NodeNameOf(view_.cluster.name, ordinal), why, reasons.substr(2));
    return false;
  }

  const HostView* BestHost(const std::string& zone, std::string& reasons) const {
    const HostView* best = nullptr;
    bool any = false;
    for (const HostView& host : view_.hosts) {
      if (host.host.zone != zone) continue;
      any = true;
      const std::string why_not = WhyHostCannot(host, view_, Given(host));
      if (!why_not.empty()) {
        reasons += fmt::format("; in {} {}", zone, why_not);
      } else if (best == nullptr || Rank(host) < Rank(*best)) {
        best = &host;
      }
    }
    if (!any) reasons += fmt::format("; no agent in {}", zone);
    return best;
  }

  std::tuple<int, double, std::string> Rank(const HostView& host) const {
    const double reserved = static_cast<double>(host.reserved_bytes + Given(host));
    return {Count(host), reserved / static_cast<double>(std::max<std::int64_t>(1, host.host.memory_bytes)),
            host.host.agent.str()};
  }

  int Count(const HostView& host) const {
    return static_cast<int>(std::count_if(result_.nodes.begin(), result_.nodes.end(),
                                          [&](const model::Node& node) { return node.agent == host.host.agent; }));
  }

  std::int64_t Given(const HostView& host) const { return Count(host) * view_.node_memory_bytes; }

  std::optional<FreeAddress> TakeAddress(const std::string& zone) {
    std::optional<FreeAddress> address = FindAddress(view_, zone, taken_);
    if (address) taken_.insert(address->ip);
    return address;
  }

  void AddNode(int ordinal, const HostView& host, const FreeAddress& address) {
    const model::Role role = ordinal == 1 ? model::Role::kPrimary : model::Role::kReplica;
    result_.nodes.push_back({.incarnation = {},
                             .name = model::NodeNameOf(view_.cluster.name, ordinal),
                             .cluster = view_.cluster.uid,
                             .shard = 1,
                             .ordinal = ordinal,
                             .agent = host.host.agent,
                             .zone = host.host.zone,
                             .subnet = address.subnet,
                             .address = {address.ip, view_.cluster.spec.port},
                             .role = role,
                             .boot = {role == model::Role::kPrimary ? 1U : 0U},
                             .intent = model::Intent::kRun,
                             .engine = view_.cluster.spec.engine,
                             .image_version = ImageFor(host.host, view_.cluster.spec),
                             .memory_bytes = view_.node_memory_bytes});
  }

  bool PlaceEndpoint(model::EndpointKind kind) {
    const auto address = TakeAddress(result_.nodes.front().zone);
    if (!address) {
      problem_ = fmt::format("cannot place the {} endpoint: no free address in the subnets of {}",
                             model::EndpointKindName(kind), result_.nodes.front().zone);
      return false;
    }
    result_.endpoints.push_back(
        {view_.cluster.uid, kind, address->subnet, {address->ip, view_.cluster.spec.port}, 0, {}});
    return true;
  }

  const ClusterView& view_;
  std::vector<std::string> zones_;
  std::set<std::string> taken_;
  PlaceNodes result_;
  std::string problem_;
};

}  // namespace

std::variant<PlaceNodes, Blocked> DecidePlacement(const ClusterView& view) { return Placement(view).Decide(); }

}  // namespace cacheplane::decide
