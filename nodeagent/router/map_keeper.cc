#include "nodeagent/router/map_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "common/text.h"
#include "nodeagent/network/map_file.h"

namespace cacheplane::router {

using network::EndpointMap;
using network::SocketAddress;
using std::chrono::milliseconds;

namespace {

// A target in reach answers within a millisecond or two. Nothing else happens meanwhile, so this stays short.
constexpr milliseconds kAnswerDeadline{50};
// How soon rules that somebody flushed come back.
constexpr milliseconds kHealInterval{1000};
// Long enough for what clients wait for to come first.
constexpr milliseconds kSaveWithin{50};

std::string Names(const std::vector<SocketAddress>& endpoints) {
  std::vector<std::string> names;
  for (const SocketAddress& endpoint : endpoints) names.push_back(ToText(endpoint));
  return Join(names, ", ");
}

}  // namespace

MapKeeper::MapKeeper(network::DataPath& path, std::filesystem::path map_file, const Clock& clock)
    : path_(path),
      map_file_(std::move(map_file)),
      clock_(clock),
      apply_backoff_(milliseconds(20), milliseconds(1000)),
      verify_backoff_(milliseconds(4), milliseconds(500)) {}

void MapKeeper::Restore() {
  auto map = network::LoadMap(map_file_);
  if (!map.ok()) {
    log::Error("the map on disk cannot be used, waiting for the control plane's: {}", map.error().message);
    return;
  }
  if (map->version == 0) return;
  log::Info("restored map version {} with {} endpoints", map->version, map->endpoints.size());
  Adopt(std::move(*map));
}

void MapKeeper::Take(const EndpointMap& wanted, const std::vector<std::string>& complaints) {
  auto next = network::Succeed(map_, wanted);
  if (!next.ok()) {
    refusal_ = next.error().message;
    log::Warn("{}", refusal_);
    return;
  }
  if (!next->kept.empty()) log::Warn("offered without targets, keeping the last ones: {}", Names(next->kept));
  if (!next->left_out.empty()) log::Warn("offered without targets, not served: {}", Names(next->left_out));
  refusal_ = Join(complaints, "; ");
  if (next->map == map_ && !pending_) return;
  Replace(std::move(next->map));
}

bool MapKeeper::Switch(const network::ArmedSwitch& opened) {
  auto next = network::Switched(map_, opened);
  if (!next) return false;
  if (*next != map_) Replace(std::move(*next));
  if (pending_) Apply();
  return !pending_;
}

void MapKeeper::Replace(EndpointMap map) {
  const Status placed = network::PlaceMap(map_file_, map);
  if (!placed.ok()) log::Error("map version {} is served but not on disk: {}", map.version, placed.error().message);
  unsaved_ = true;
  save_at_ = clock_.Mono() + kSaveWithin;
  Adopt(std::move(map));
}

void MapKeeper::Save() {
  const Status saved = network::SaveMap(map_file_, map_);
  unsaved_ = !saved.ok();
  save_at_ = clock_.Mono() + kHealInterval;
  if (unsaved_) log::Error("map version {} is served but not on disk: {}", map_.version, saved.error().message);
}

void MapKeeper::Adopt(EndpointMap map) {
  map_ = std::move(map);
  pending_ = true;
  apply_at_ = clock_.Mono();
  apply_backoff_.Reset();
}

MonoTime MapKeeper::Tick() {
  if (pending_ && clock_.Mono() >= apply_at_) Apply();
  if (!unverified_.empty() && clock_.Mono() >= verify_at_) Verify();
  AdvanceVersion();
  if (clock_.Mono() >= heal_at_) Heal();
  if (unsaved_ && clock_.Mono() >= save_at_) Save();
  MonoTime next = heal_at_;
  if (unsaved_) next = std::min(next, save_at_);
  if (pending_) next = std::min(next, apply_at_);
  if (!unverified_.empty()) next = std::min(next, verify_at_);
  return next;
}

void MapKeeper::Apply() {
  const Status done = path_.Apply(map_.endpoints);
  const MonoTime now = clock_.Mono();
  if (!done.ok()) {
    apply_problem_ = done.error().message;
    apply_at_ = now + apply_backoff_.Next();
    log::Warn("map version {} not applied: {}", map_.version, apply_problem_);
    return;
  }
  apply_problem_.clear();
  pending_ = false;
  std::erase_if(unverified_, [&](const auto& entry) { return !map_.endpoints.contains(entry.first); });
  const auto changed = network::Changed(applied_, map_.endpoints);
  for (const SocketAddress& endpoint : changed) unverified_[endpoint] = now;
  applied_ = map_.endpoints;
  verify_at_ = now;
  verify_backoff_.Reset();
  log::Info("map version {} applied: {} endpoints, {} new or changed", map_.version, applied_.size(), changed.size());
}

void MapKeeper::Verify() {
  std::vector<SocketAddress> asked;
  for (const auto& [endpoint, since] : unverified_) asked.push_back(endpoint);
  const auto silent = path_.Unanswered(asked, kAnswerDeadline);
  std::erase_if(unverified_, [&](const auto& entry) {
    return std::find(silent.begin(), silent.end(), entry.first) == silent.end();
  });
  verify_at_ = clock_.Mono() + verify_backoff_.Next();
}

void MapKeeper::AdvanceVersion() {
  if (pending_) return;
  const MonoTime long_ago = clock_.Mono() - kVerifyPatience;
  const auto young = [&](const auto& entry) { return entry.second > long_ago; };
  if (std::any_of(unverified_.begin(), unverified_.end(), young)) return;
  verified_version_ = map_.version;
}

void MapKeeper::Heal() {
  heal_at_ = clock_.Mono() + kHealInterval;
  if (pending_ || map_.version == 0) return;
  const auto healed = path_.Heal();
  if (!healed.ok()) log::Warn("endpoints cannot be checked: {}", healed.error().message);
  if (healed.ok() && *healed)
    log::Warn("somebody else had changed the endpoints; map version {} restored", map_.version);
}

RouterFacts MapKeeper::Facts() const {
  std::vector<std::string> problems;
  if (!refusal_.empty()) problems.push_back(refusal_);
  if (!apply_problem_.empty()) problems.push_back(apply_problem_);
  if (!unverified_.empty()) {
    problems.push_back(fmt::format("{} of {} endpoints do not answer, the first is {}", unverified_.size(),
                                   applied_.size(), ToText(unverified_.begin()->first)));
  }
  return {std::string(path_.Name()), verified_version_, Join(problems, "; ")};
}

}  // namespace cacheplane::router
