#include "controlplane/service/modify_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>
#include <utility>

#include "cache-engine/catalog/catalog.h"
#include "common/text.h"
#include "controlplane/service/parameter_groups.h"
#include "controlplane/service/validate_parameters.h"

namespace cacheplane::service {
namespace {

constexpr int kLatestOperations = 100;
constexpr char kSync[] = "none for clients; the primary sends it all data";
constexpr char kReaders[] = "connections of its readers are closed; readers are led to others before";

class Planner {
 public:
  Planner(const Intention& intention, std::vector<model::Node> nodes)
      : intention_(intention), nodes_(std::move(nodes)) {}

  std::vector<PlannedStep> Plan() {
    if (intention_.waits) Add("wait for the maintenance window", "", intention_.to.maintenance_window);
    ChangeParameters();
    const bool remade = model::Remakes(model::BuildOf(intention_.from), model::BuildOf(intention_.to));
    const auto gives_way = [&](const model::Node& node) {
      return remade || intention_.restarts.contains(node.name.str());
    };
    const bool primary_gives_way = std::any_of(
        nodes_.begin(), nodes_.end(), [&](const model::Node& node) { return IsPrimary(node) && gives_way(node); });
    const bool lends = intention_.to.replicas_per_shard == 0 && primary_gives_way;
    const bool moves = !intention_.leaving.empty();
    const bool spares = (remade || (intention_.updates && primary_gives_way)) && !moves && intention_.has_room &&
                        intention_.to.replicas_per_shard > 0;
    const int more = lends || spares || moves ? 1 : 0;
    const auto wanted = static_cast<std::size_t>(model::NodesPerShard(intention_.to) + more);
    AddNodes(wanted);
    RemoveNodes(wanted);
    AddMoves(wanted);
    AddRenewals(lends, gives_way);
    if (spares) RemoveSpare();
    if (intention_.from.port != intention_.to.port) {
      Add("change the port of the endpoints", "",
          fmt::format("both listen on {} from here on, and refuse whoever dials {}", intention_.to.port,
                      intention_.from.port));
    }
    return std::move(steps_);
  }

 private:
  static bool IsPrimary(const model::Node& node) { return node.role == model::Role::kPrimary; }

  void Add(std::string action, std::string node, std::string cost) {
    steps_.push_back({std::move(action), std::move(node), std::move(cost)});
  }

  void ChangeParameters() {
    const auto& [at_once, at_restart] = intention_.parameters;
    std::vector<std::string> parts;
    if (!at_once.empty()) parts.push_back("none for clients: " + Join(at_once, ", "));
    if (!at_restart.empty()) parts.push_back("once each node is rebooted: " + Join(at_restart, ", "));
    if (!parts.empty()) Add("change parameters", "", Join(parts, "; "));
  }

  std::size_t Count() const { return nodes_.size() + added_.size(); }

  // The lowest numbers that are free.
  void AddNodes(std::size_t wanted) {
    std::set<int> taken = added_;
    for (const model::Node& node : nodes_) taken.insert(node.ordinal);
    for (int ordinal = 1; Count() < wanted; ++ordinal) {
      if (!taken.insert(ordinal).second) continue;
      added_.insert(ordinal);
      Add("add a node", NameOf(ordinal), kSync);
    }
  }

  std::string NameOf(int ordinal) const { return model::NodeNameOf(intention_.cluster, ordinal).str(); }

  // As decide/scaling: who was named, else where the shard has most nodes, else who came last.
  void RemoveNodes(std::size_t wanted) {
    while (Count() > wanted) {
      const auto rank = [&](const model::Node& node) {
        return std::tuple(!IsPrimary(node), intention_.removals.contains(node.name.str()), InZoneOf(node),
                          node.ordinal);
      };
      const auto surplus = std::max_element(nodes_.begin(), nodes_.end(),
                                            [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
      Add("remove the node", surplus->name.str(), kReaders);
      nodes_.erase(surplus);
    }
  }

  bool Leaves(const model::Node& node) const { return intention_.leaving.contains(node.name.str()); }

  // As decide/moving: replicas first, each after another has come.
  void AddMoves(std::size_t wanted) {
    while (true) {
      const auto next = std::min_element(nodes_.begin(), nodes_.end(), [&](const auto& a, const auto& b) {
        return std::tuple(!Leaves(a), IsPrimary(a), a.ordinal) < std::tuple(!Leaves(b), IsPrimary(b), b.ordinal);
      });
      if (next == nodes_.end() || !Leaves(*next)) return;
      AddNodes(wanted);
      if (IsPrimary(*next)) Add("hand over", added_.empty() ? "" : NameOf(*added_.begin()), HandoverCost());
      Add("remove the node", next->name.str(), kReaders);
      nodes_.erase(next);
    }
  }

  // As decide/scaling: who was named, else who was added last, else as above.
  void RemoveSpare() {
    const bool named = std::any_of(nodes_.begin(), nodes_.end(), [&](const model::Node& node) {
      return intention_.removals.contains(node.name.str());
    });
    if (named || added_.empty()) return RemoveNodes(Count() - 1);
    Add("remove the node", NameOf(*added_.rbegin()), kReaders);
  }

  std::ptrdiff_t InZoneOf(const model::Node& node) const {
    return std::count_if(nodes_.begin(), nodes_.end(),
                         [&](const model::Node& other) { return other.zone == node.zone; });
  }

  void AddRenewals(bool lends, const std::function<bool(const model::Node&)>& gives_way) {
    std::string primary;
    std::string successor = added_.empty() ? "" : NameOf(*added_.begin());
    for (const model::Node& node : nodes_) {
      const std::string& name = node.name.str();
      if (IsPrimary(node)) {
        if (gives_way(node)) primary = name;
        continue;
      }
      if (gives_way(node)) Add("renew the node", name, kReaders);
      if (successor.empty() || Key(name) < Key(successor)) successor = name;
    }
    if (primary.empty()) return;
    Add("hand over", successor, HandoverCost());
    Add(lends ? "remove the node" : "renew the node", primary, kReaders);
    for (model::Node& node : nodes_) {
      node.role = node.name.str() == successor ? model::Role::kPrimary : model::Role::kReplica;
    }
  }

  // One that is to go takes over only when nobody else can.
  std::tuple<bool, bool, std::string> Key(const std::string& name) const {
    const bool added = std::any_of(added_.begin(), added_.end(), [&](int ordinal) { return NameOf(ordinal) == name; });
    return {intention_.removals.contains(name), added, name};
  }

  std::string HandoverCost() const {
    const std::string pause = intention_.usual_pause_ms
                                  ? fmt::format("writes wait for about {:.1f} ms", *intention_.usual_pause_ms)
                                  : "writes wait for some milliseconds";
    const std::string cost = pause + ", and writers dial anew";
    const bool remade = model::Remakes(model::BuildOf(intention_.from), model::BuildOf(intention_.to));
    return remade || intention_.updates ? cost + "; cannot be taken back from here on" : cost;
  }

  const Intention& intention_;
  std::vector<model::Node> nodes_;  // those that stay
  std::set<int> added_;             // ordinals
  std::vector<PlannedStep> steps_;
};

}  // namespace

std::vector<PlannedStep> PlanOf(const Intention& intention, const std::vector<model::Node>& nodes) {
  return Planner(intention, nodes).Plan();
}

ParameterChanges ParameterChangesOf(ports::ParameterGroupTable& groups, const model::ClusterSpec& from,
                                    const model::ClusterSpec& to) {
  if (model::Remakes(model::BuildOf(from), model::BuildOf(to))) return {};
  const auto before = FindParameterGroup(groups, from.parameter_group);
  const auto after = FindParameterGroup(groups, to.parameter_group);
  if (!before || !after) return {};
  ParameterChanges changes;
  for (const std::string& name : ChangedParameters(*before, *after)) {
    const catalog::Parameter* parameter = catalog::FindParameter(after->family, name);
    if (!catalog::HasParameter(to.engine_version, *parameter)) continue;
    (parameter->needs_restart ? changes.at_restart : changes.at_once).push_back(name);
  }
  return changes;
}

std::optional<double> UsualPauseMs(ports::JournalTable& journal) {
  std::vector<std::int64_t> pauses;
  for (const model::Operation& operation : journal.Operations("", {"", kLatestOperations})) {
    if (operation.write_pause_us > 0) pauses.push_back(operation.write_pause_us);
  }
  if (pauses.empty()) return std::nullopt;
  const auto middle = pauses.begin() + std::ssize(pauses) / 2;
  std::nth_element(pauses.begin(), middle, pauses.end());
  return static_cast<double>(*middle) / 1000;
}

}  // namespace cacheplane::service
