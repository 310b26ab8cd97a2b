// Users: what they want, and how they ask for it until they are answered.
#include <algorithm>

#include "tests/sim/world.h"

namespace cacheplane::sim {
namespace {

constexpr char kSharedGroup[] = "shared";

bool Waits(const Result<service::ClusterAnswer>& answer) {
  return answer.ok() && answer->operation && answer->operation->status == model::OperationStatus::kQueued;
}

template <typename Other>
bool Waits(const Result<Other>&) {
  return false;
}

}  // namespace

void World::AddWishes() {
  if (kind_ == Kind::kStaged) return;
  static_cast<void>(control_plane_.disk.Write([](ports::Transaction& tx) {
    return tx.parameter_groups().Insert({kSharedGroup, "valkey8", ""});
  }));
  const std::int64_t count = schedule_.Between(1, 3);
  for (std::int64_t i = 0; i < count; ++i) {
    Wish wish{.kind = Wish::Kind::kCreate, .name = "cluster-" + std::to_string(i)};
    wish.request_id = "create-" + std::to_string(i);
    wish.draft.node_type = "cache.t4g.small";
    wish.draft.engine_version = "8.0";
    wish.draft.parameter_group = kSharedGroup;
    const int replicas = schedule_.Chance(0.15) ? 0 : static_cast<int>(schedule_.Between(1, 3));
    wish.draft.replicas_per_shard = replicas;
    const bool automatic = replicas > 0 && schedule_.Chance(0.85);
    wish.draft.automatic_failover = automatic;
    wish.draft.multi_az = automatic && schedule_.Chance(0.7);
    wishes_.push_back(wish);
    if (kind_ == Kind::kHarmless || !schedule_.Chance(0.2)) continue;
    wishes_.push_back({.kind = Wish::Kind::kDelete, .name = wish.name, .request_id = "delete-" + std::to_string(i)});
  }
}

void World::UserTick() {
  for (Wish& wish : wishes_) {
    const bool soon = wish.kind != Wish::Kind::kDelete || kind_ == Kind::kStaged;
    if (wish.answered || !control_plane_.up() || !schedule_.Chance(soon ? 0.5 : 0.05)) continue;
    Ask(wish);
    break;
  }
  if (faulting_ && schedule_.Chance(faults_.requests / 2)) AddOperation();
  StartTheStopped();
  if (!faulting_) HelpTheImpaired();
  schedule_.After(schedule_.Between(50, 700), [this] { UserTick(); });
}

void World::AddOperation() {
  std::vector<std::string> names;
  for (const Wish& wish : wishes_) {
    if (wish.kind == Wish::Kind::kCreate && wish.answered) names.push_back(wish.name);
  }
  if (names.empty()) return;
  const auto index = static_cast<std::size_t>(schedule_.Between(0, static_cast<std::int64_t>(names.size()) - 1));
  if (schedule_.Chance(0.15)) return AddDrain(schedule_.Chance(0.7));
  if (schedule_.Chance(0.1)) {
    wishes_.push_back(
        {.kind = Wish::Kind::kStop, .name = names[index], .request_id = "change-" + std::to_string(++last_request_)});
    return;
  }
  if (schedule_.Chance(0.1)) return Freeze(names[index], schedule_.Chance(0.5));
  const bool upgrade = schedule_.Chance(0.3);
  if (!upgrade && schedule_.Chance(0.3)) {
    Wish wish{.kind = Wish::Kind::kScale, .name = names[index]};
    wish.request_id = "change-" + std::to_string(++last_request_);
    wish.draft.replicas_per_shard = static_cast<int>(schedule_.Between(0, 3));
    wish.draft.automatic_failover = *wish.draft.replicas_per_shard > 0 && schedule_.Chance(0.8);
    if (schedule_.Chance(0.2)) wish.draft.port = schedule_.Chance(0.5) ? 6379 : 6380;
    wishes_.push_back(wish);
    return;
  }
  if (!upgrade && schedule_.Chance(0.4)) {
    wishes_.push_back({.kind = schedule_.Chance(0.4) ? Wish::Kind::kCancel : Wish::Kind::kReboot,
                       .name = names[index],
                       .request_id = "change-" + std::to_string(++last_request_)});
    return;
  }
  wishes_.push_back({.kind = upgrade                 ? Wish::Kind::kUpgrade
                             : schedule_.Chance(0.6) ? Wish::Kind::kSwitchover
                                                     : Wish::Kind::kTestFailover,
                     .name = names[index],
                     .request_id = "change-" + std::to_string(++last_request_)});
}

// Nobody leaves a cluster stopped for long.
void World::StartTheStopped() {
  control_plane_.disk.Read([&](ports::Transaction& tx) {
    for (const model::Cluster& cluster : tx.clusters().List({"", 100})) {
      const bool asked = std::any_of(wishes_.begin(), wishes_.end(), [&](const Wish& wish) {
        return wish.kind == Wish::Kind::kStart && wish.name == cluster.name && !wish.answered;
      });
      if (cluster.status != model::ClusterStatus::kStopped || asked || !schedule_.Chance(0.2)) continue;
      reality_.sometimes.insert("a cluster was stopped");
      wishes_.push_back({.kind = Wish::Kind::kStart,
                         .name = cluster.name,
                         .request_id = "change-" + std::to_string(++last_request_)});
    }
  });
}

void World::Freeze(const std::string& name, bool frozen) {
  Wish wish{.kind = Wish::Kind::kFreeze, .name = name};
  wish.request_id = "change-" + std::to_string(++last_request_);
  wish.draft.frozen = frozen;
  if (frozen) reality_.sometimes.insert("a cluster was frozen");
  wishes_.push_back(wish);
}

void World::AddDrain(bool begins) {
  Wish wish{.kind = Wish::Kind::kDrain, .name = ""};
  wish.request_id = "drain-" + std::to_string(++last_request_);
  if (begins) wish.name = std::next(reality_.hosts.begin(), schedule_.Between(0, 2))->first;
  wishes_.push_back(wish);
}

// One host at most, so that the others have room.
Result<service::AdmissionAnswer> World::Drain(const std::string& agent) {
  service::FleetService& fleet = *control_plane_.fleet();
  Result<service::AdmissionAnswer> answer = service::AdmissionAnswer{};
  for (const auto& [name, host] : reality_.hosts) {
    if (name != agent) answer = fleet.UncordonAgent(name);
  }
  return agent.empty() ? answer : fleet.DrainAgent(agent, false);
}

void World::ParameterTick() {
  if (!faulting_) return;
  control_plane_.In([this] {
    service::ParameterGroupService& groups = *control_plane_.parameter_groups();
    ++parameter_changes_;
    const bool reset = parameter_changes_ % 3 == 0;
    const std::string value = std::to_string(20 + parameter_changes_);
    const auto done = [&](const Result<service::ChangedParameterGroup>& changed) {
      schedule_.Trace("timeout " + (reset ? std::string("reset") : value) + (changed.ok() ? " ok" : ": refused"));
      if (!changed.ok()) oracle_.Fail("a parameter was refused: " + changed.error().message);
    };
    if (reset) return groups.ResetParameterGroup({kSharedGroup, true, {}}, done);
    groups.ModifyParameterGroup({kSharedGroup, {{"timeout", value}}}, done);
  });
  schedule_.After(schedule_.Between(300, 2500), [this] { ParameterTick(); });
}

// Where automatic failover is off, somebody reads why it is impaired and does as he is told; nobody leaves a cluster
// frozen for ever, or a host drained that a new one needs.
void World::HelpTheImpaired() {
  control_plane_.disk.Read([&](ports::Transaction& tx) {
    for (const model::Cluster& cluster : tx.clusters().List({"", 100})) {
      const bool needs_host = cluster.status_reason.find("is draining") != std::string::npos;
      if (needs_host && schedule_.Chance(0.2)) AddDrain(false);
      if (cluster.spec.frozen && cluster.status != model::ClusterStatus::kDeleting && schedule_.Chance(0.2)) {
        Freeze(cluster.name, false);
        continue;
      }
      if (cluster.status_reason.find("automatic failover is off") == std::string::npos) continue;
      if (!cluster.operation.empty() || !schedule_.Chance(0.2)) continue;
      reality_.sometimes.insert("somebody promoted by hand");
      wishes_.push_back({.kind = Wish::Kind::kSwitchover,
                         .name = cluster.name,
                         .request_id = "change-" + std::to_string(++last_request_)});
    }
  });
}

void World::Ask(Wish& wish) {
  const auto note = [&](const auto& answer) {
    // A change of primary that is not possible now is an answer; what must come to be is asked for again.
    const bool change = wish.kind != Wish::Kind::kCreate && wish.kind != Wish::Kind::kDelete;
    if (answer.ok() && wish.kind == Wish::Kind::kScale)
      reality_.sometimes.insert("replicas were to be added or removed");
    if (Waits(answer)) reality_.sometimes.insert("a change waited for its turn");
    if (answer.ok() && wish.draft.port) reality_.sometimes.insert("nodes were to get another port");
    if (answer.ok() && wish.kind == Wish::Kind::kReboot) reality_.sometimes.insert("a reboot began");
    if (answer.ok() && wish.kind == Wish::Kind::kCancel) reality_.sometimes.insert("an operation was cancelled");
    if (answer.ok() && wish.kind == Wish::Kind::kDrain && !wish.name.empty())
      reality_.sometimes.insert("a host was drained");
    if (answer.ok() && wish.kind == Wish::Kind::kUpgrade) reality_.sometimes.insert("an upgrade began");
    wish.answered = answer.ok() || (change && kind_ != Kind::kStaged);
    schedule_.Trace(wish.request_id + " " + wish.name + (answer.ok() ? " ok" : ": " + answer.error().message));
    if (answer.ok() && wish.kind == Wish::Kind::kSwitchover) reality_.sometimes.insert("a switchover began");
    if (answer.ok() && wish.kind == Wish::Kind::kTestFailover) reality_.sometimes.insert("a test failover began");
    const bool twice =
        wish.kind == Wish::Kind::kCreate && !answer.ok() && answer.error().code == ErrorCode::kAlreadyExists;
    if (twice) oracle_.Fail("a repeated create was refused: " + answer.error().message);
  };
  control_plane_.In([&] {
    service::ClusterService& service = *control_plane_.service();
    switch (wish.kind) {
      case Wish::Kind::kCreate:
        return note(service.CreateCluster({.name = wish.name, .spec = wish.draft, .request_id = wish.request_id}));
      case Wish::Kind::kDelete:
        return note(service.DeleteCluster({.name = wish.name, .etag = "", .request_id = wish.request_id}));
      case Wish::Kind::kSwitchover:
        return note(service.SwitchoverCluster(
            {.name = wish.name, .shard = "", .node = "", .etag = "", .request_id = wish.request_id}));
      case Wish::Kind::kUpgrade: {
        service::ModifyClusterRequest request;
        request.name = wish.name;
        request.request_id = wish.request_id;
        request.spec.engine_version = "8.1";
        request.update_mask = {"engine_version"};
        request.apply_immediately = true;
        return note(service.ModifyCluster(request));
      }
      case Wish::Kind::kFreeze: {
        service::ModifyClusterRequest request;
        request.name = wish.name;
        request.request_id = wish.request_id;
        request.spec = wish.draft;
        request.update_mask = {"frozen"};
        return note(service.ModifyCluster(request));
      }
      case Wish::Kind::kScale: {
        service::ModifyClusterRequest request;
        request.name = wish.name;
        request.request_id = wish.request_id;
        request.spec = wish.draft;
        request.update_mask = {"replicas_per_shard", "automatic_failover", "multi_az"};
        if (wish.draft.port) request.update_mask.emplace_back("port");
        request.apply_immediately = true;
        return note(service.ModifyCluster(request));
      }
      case Wish::Kind::kReboot: return note(service.RebootCluster({.name = wish.name, .request_id = wish.request_id}));
      case Wish::Kind::kStop: return note(service.StopCluster({.name = wish.name, .request_id = wish.request_id}));
      case Wish::Kind::kStart: return note(service.StartCluster({.name = wish.name, .request_id = wish.request_id}));
      case Wish::Kind::kCancel: {
        const auto cluster = service.GetCluster(wish.name);
        return note(control_plane_.operations()->CancelOperation(cluster.ok() ? cluster->cluster.operation.str() : ""));
      }
      case Wish::Kind::kDrain: return note(Drain(wish.name));
      case Wish::Kind::kTestFailover:
        return note(service.TestFailover({.name = wish.name, .shard = "", .request_id = wish.request_id}));
    }
  });
}

}  // namespace cacheplane::sim
