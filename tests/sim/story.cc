#include "tests/sim/story.h"

#include <algorithm>
#include <optional>

#include "cache-engine/catalog/catalog.h"

namespace cacheplane::sim {
namespace {

constexpr char kPatched[] = "8.0.2";
constexpr char kOpenWindow[] = "fri:07:30-fri:09:30";  // of the simulator's first moments

}  // namespace

Outcome Story::Tell(const Disturbance& disturbance) {
  world_.Begin();
  if (change_ == Change::kTightUpgrade) LeaveNoRoom();
  service::ClusterDraft draft;
  draft.node_type = "cache.t4g.small";
  draft.engine_version = "8.0";
  draft.replicas_per_shard = 2;
  draft.multi_az = true;
  if (change_ == Change::kUpdate) draft.maintenance_window = kOpenWindow;
  world_.Add({.kind = Wish::Kind::kCreate, .name = "orders", .draft = draft, .request_id = "create"});
  if (!UntilRight()) return {.wrong = "was not even created: " + world_.WhyNotRight()};
  // Clients write for a while, and whoever was late has caught up.
  world_.RunUntil(2000, [] { return false; });
  const model::Node before = Primary();
  Arm(disturbance);
  const std::uint64_t first_commit = store().writes;
  asked_ = true;
  Begin(before);
  if (change_ == Change::kCancel) CancelAfter(first_commit + disturbance.cancelled_after);
  const bool right = UntilRight();
  Outcome outcome;
  outcome.wrong = right ? "" : world_.oracle().failure() + world_.WhyNotRight();
  outcome.commits = store().writes - first_commit;
  outcome.effects = effects_;
  outcome.primary_changed = Primary().name != before.name;
  outcome.lost = world_.oracle().lost;
  if (const auto latest = LatestOperation()) {
    outcome.operation = latest->status;
    outcome.waited = latest->begun.has_value();
  }
  outcome.cancel_refused = cancel_refused_;
  return outcome;
}

void Story::Arm(const Disturbance& disturbance) {
  if (disturbance.before_commit != 0) store().die_before = store().writes + disturbance.before_commit;
  if (disturbance.after_commit != 0) store().die_after = store().writes + disturbance.after_commit;
  world_.reality().effect = [this, disturbance](Host& host, const std::string&) {
    if (++effects_ == disturbance.effect) world_.KillAgent(host, 200, true);
  };
}

void Story::Begin(const model::Node& primary) {
  Host& host = world_.reality().HostOf(primary.agent.str());
  switch (change_) {
    case Change::kFailover: return world_.KillEngine(host, primary.incarnation.str(), false);
    case Change::kSwitchover:
      return world_.Add({.kind = Wish::Kind::kSwitchover, .name = "orders", .request_id = "change"});
    case Change::kTestFailover:
      return world_.Add({.kind = Wish::Kind::kTestFailover, .name = "orders", .request_id = "change"});
    case Change::kBadUpgrade: world_.reality().newest = Reality::Illness::kEnds; [[fallthrough]];
    case Change::kTightUpgrade:
    case Change::kCancel:
    case Change::kUpgrade: return world_.Add({.kind = Wish::Kind::kUpgrade, .name = "orders", .request_id = "change"});
    case Change::kReboot: return world_.Add({.kind = Wish::Kind::kReboot, .name = "orders", .request_id = "change"});
    case Change::kDrain:
      return world_.Add({.kind = Wish::Kind::kDrain, .name = primary.agent.str(), .request_id = "change"});
    case Change::kStop: return world_.Add({.kind = Wish::Kind::kStop, .name = "orders", .request_id = "change"});
    case Change::kUpdate: return OfferNewerPatchLevel();
    case Change::kQueue: return UpgradeAndGrow();
    case Change::kRelocate: return Scale(2, 6380);
    case Change::kGrow: return Scale(3);
    case Change::kShrink: return Scale(1);
    case Change::kRepair: return KillReplica();
    case Change::kRestore: return LoseAll();
  }
}

void Story::LeaveNoRoom() {
  for (auto& [name, host] : world_.reality().hosts) {
    host.offer.memory_bytes = catalog::FindNodeType("cache.t4g.small")->memory_bytes;
  }
}

void Story::OfferNewerPatchLevel() {
  offered_ = true;
  for (auto& [name, host] : world_.reality().hosts) {
    host.offer.images.push_back({"valkey", kPatched});
    world_.KillAgent(host, 50, true);
  }
}

bool Story::AnyNodeIs(std::string_view version) {
  const std::vector<model::Node> nodes = Nodes();
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const model::Node& node) { return node.image_version == version; });
}

void Story::CancelAfter(std::uint64_t commit) {
  ControlPlane& control_plane = world_.control_plane();
  bool answered = false;
  world_.RunUntil(20'000, [&] {
    if (store().writes < commit || !control_plane.up()) return false;
    control_plane.In([&] {
      const std::string operation = control_plane.service()->GetCluster("orders")->cluster.operation.str();
      if (operation.empty()) return;
      cancel_refused_ = !control_plane.operations()->CancelOperation(operation).ok();
      answered = true;
    });
    return answered;
  });
}

// As soon as the upgrade has begun, whoever dies meanwhile.
void Story::UpgradeAndGrow() {
  world_.Add({.kind = Wish::Kind::kUpgrade, .name = "orders", .request_id = "first"});
  service::ModifyClusterRequest request;
  request.name = "orders";
  request.request_id = "change";
  request.spec.replicas_per_shard = 3;
  request.update_mask = {"replicas_per_shard"};
  request.apply_immediately = true;
  ControlPlane& control_plane = world_.control_plane();
  bool answered = false;
  world_.RunUntil(20'000, [&] {
    if (!control_plane.up() || Find().spec.engine_version != "8.1") return false;
    control_plane.In([&] { answered = control_plane.service()->ModifyCluster(request).ok(); });
    return answered;
  });
}

void Story::Scale(int replicas, int port) {
  Wish wish{.kind = Wish::Kind::kScale, .name = "orders"};
  wish.request_id = "change";
  wish.draft.replicas_per_shard = replicas;
  wish.draft.port = port;
  world_.Add(wish);
}

void Story::KillReplica() {
  for (const model::Node& node : Nodes()) {
    if (node.role == model::Role::kPrimary) continue;
    Host& host = world_.reality().HostOf(node.agent.str());
    return world_.KillEngine(host, node.incarnation.str(), false);
  }
}

void Story::LoseAll() {
  for (const model::Node& node : Nodes()) {
    if (node.role == model::Role::kPrimary) continue;
    world_.reality().Save(world_.reality().HostOf(node.agent.str()).engines.at(node.incarnation.str()));
    break;
  }
  world_.LoseEverything(100);
}

bool Story::Begun() {
  if (change_ == Change::kQueue && asked_) return Find().spec.replicas_per_shard == 3;
  return change_ != Change::kUpdate || !offered_ || !AnyNodeIs(kOlderVersion);
}

bool Story::UntilRight() {
  std::optional<std::int64_t> since;
  return world_.RunUntil(60'000, [&] {
    if (!Begun() || !world_.WhyNotRight().empty()) {
      since.reset();
      return false;
    }
    if (!since) since = world_.schedule().millis();
    return world_.schedule().millis() - *since >= 1500;
  });
}

model::Cluster Story::Find() {
  std::optional<model::Cluster> cluster;
  world_.control_plane().disk.Read([&](ports::Transaction& tx) { cluster = tx.clusters().Find("orders"); });
  return cluster.value_or(model::Cluster());
}

std::vector<model::Node> Story::Nodes() {
  std::vector<model::Node> nodes;
  world_.control_plane().disk.Read([&](ports::Transaction& tx) { nodes = tx.plan().AllNodes(); });
  return nodes;
}

model::Node Story::Primary() {
  for (const model::Node& node : Nodes()) {
    if (node.role == model::Role::kPrimary) return node;
  }
  return {};
}

std::optional<model::Operation> Story::LatestOperation() {
  std::vector<model::Operation> operations;
  world_.control_plane().disk.Read([&](ports::Transaction& tx) {
    operations = tx.journal().Operations("orders", {"", 1});
  });
  if (operations.empty()) return std::nullopt;
  return operations.front();
}

}  // namespace cacheplane::sim
