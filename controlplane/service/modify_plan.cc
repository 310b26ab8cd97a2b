#include "controlplane/service/modify_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace cacheplane::service {
namespace {

constexpr int kLatestOperations = 100;
constexpr char kSync[] = "none for clients; the primary sends it all data";
constexpr char kReaders[] = "connections of its readers are closed; readers are led to others before";

class Planner {
 public:
  Planner(const Intention& intention, const std::vector<model::Node>& nodes) : intention_(intention), nodes_(nodes) {}

  std::vector<PlannedStep> Plan() {
    const int wanted = model::NodesPerShard(intention_.to);
    const bool rebuilt = model::BuildOf(intention_.from) != model::BuildOf(intention_.to);
    if (intention_.waits) Add("wait for the maintenance window", "", intention_.to.maintenance_window);
    AddNodes(rebuilt && intention_.to.replicas_per_shard == 0 ? wanted + 1 : wanted);
    const std::set<std::string> leaving = Leaving(wanted);
    for (const model::Node& node : nodes_) {
      if (leaving.contains(node.name.str()) && !IsPrimary(node)) Add("remove the node", node.name.str(), kReaders);
    }
    if (rebuilt) AddRenewals(leaving);
    return std::move(steps_);
  }

 private:
  static bool IsPrimary(const model::Node& node) { return node.role == model::Role::kPrimary; }

  void Add(std::string action, std::string node, std::string cost) {
    steps_.push_back({std::move(action), std::move(node), std::move(cost)});
  }

  void AddNodes(int wanted) {
    std::set<int> taken;
    for (const model::Node& node : nodes_) taken.insert(node.ordinal);
    for (int ordinal = 1; std::cmp_less(taken.size(), wanted); ++ordinal) {
      if (!taken.insert(ordinal).second) continue;
      const std::string& name = added_.emplace_back(model::NodeNameOf(intention_.cluster, ordinal).str());
      Add("add a node", name, kSync);
    }
  }

  // Those named, else those that came last.
  std::set<std::string> Leaving(int wanted) const {
    std::set<std::string> leaving(intention_.removals.begin(), intention_.removals.end());
    auto left = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, std::ssize(nodes_) - wanted));
    for (auto node = nodes_.rbegin(); node != nodes_.rend() && leaving.size() < left; ++node) {
      if (!IsPrimary(*node)) leaving.insert(node->name.str());
    }
    return leaving;
  }

  void AddRenewals(const std::set<std::string>& leaving) {
    const model::Node* primary = nullptr;
    std::string successor = added_.empty() ? "" : added_.front();
    for (const model::Node& node : nodes_) {
      if (IsPrimary(node)) primary = &node;
      if (IsPrimary(node) || leaving.contains(node.name.str())) continue;
      Add("renew the node", node.name.str(), kReaders);
      if (successor.empty() || successor > node.name.str()) successor = node.name.str();
    }
    if (primary == nullptr) return;
    Add("hand over", successor, HandoverCost());
    const bool lent = intention_.to.replicas_per_shard == 0;
    Add(lent ? "remove the node" : "renew the node", primary->name.str(), kReaders);
  }

  std::string HandoverCost() const {
    const std::string pause = intention_.usual_pause_ms
                                  ? fmt::format("writes wait for about {:.1f} ms", *intention_.usual_pause_ms)
                                  : "writes wait for some milliseconds";
    return pause + ", and writers dial anew; cannot be taken back from here on";
  }

  const Intention& intention_;
  const std::vector<model::Node>& nodes_;
  std::vector<std::string> added_;
  std::vector<PlannedStep> steps_;
};

}  // namespace

std::vector<PlannedStep> PlanOf(const Intention& intention, const std::vector<model::Node>& nodes) {
  return Planner(intention, nodes).Plan();
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
