#include "controlplane/service/defaults.h"

#include <algorithm>
#include <optional>

#include "cache-engine/catalog/catalog.h"
#include "common/text.h"
#include "controlplane/model/window.h"
#include "controlplane/service/stable_hash.h"

namespace cacheplane::service {
namespace {

constexpr int kDefaultWindowMinutes = 60;
constexpr int kWindowGrid = 30;  // minutes between possible starts

std::string OrElse(const std::string& value, std::string_view fallback) {
  return value.empty() ? std::string(fallback) : value;
}

std::string DefaultVersion(const std::string& engine) {
  const catalog::EngineVersion* version = catalog::DefaultEngineVersion(engine);
  return version == nullptr ? "" : version->version;
}

void FillVersion(const std::string& asked, model::ClusterSpec& spec) {
  spec.engine_version = OrElse(asked, DefaultVersion(spec.engine));
  const catalog::VersionAlias* alias = catalog::FindVersionAlias(spec.engine, asked);
  if (alias == nullptr) return;
  spec.engine_version = alias->version;
  spec.engine_version_alias = alias->alias;
}

std::string DefaultParameterGroup(const model::ClusterSpec& spec) {
  const catalog::EngineVersion* version = catalog::FindEngineVersion(spec.engine, spec.engine_version);
  return version == nullptr ? "" : "default." + version->family;
}

// Security groups are a set: sorted, so that another order is no change.
std::vector<std::string> Sorted(std::vector<std::string> names) {
  for (std::string& name : names) name = ToLower(name);
  std::sort(names.begin(), names.end());
  return names;
}

int HashedStart(std::string_view name, std::string_view purpose, int period) {
  const std::uint64_t slots = static_cast<std::uint64_t>(period / kWindowGrid);
  return static_cast<int>(StableHash(name, StableHash(purpose)) % slots) * kWindowGrid;
}

std::string DeriveSnapshotWindow(std::string_view name, const std::optional<model::Window>& maintenance) {
  model::Window window{HashedStart(name, "snapshot", model::kMinutesPerDay), kDefaultWindowMinutes};
  for (int tries = 0; maintenance && model::Overlap(*maintenance, window) && tries < 48; ++tries) {
    window.start = (window.start + kWindowGrid) % model::kMinutesPerDay;
  }
  return model::FormatSnapshotWindow(window);
}

std::string DeriveMaintenanceWindow(std::string_view name, const std::optional<model::Window>& snapshot) {
  model::Window window{HashedStart(name, "maintenance", model::kMinutesPerWeek), kDefaultWindowMinutes};
  for (int tries = 0; snapshot && model::Overlap(window, *snapshot) && tries < 48; ++tries) {
    window.start = (window.start + kWindowGrid) % model::kMinutesPerWeek;
  }
  return model::FormatMaintenanceWindow(window);
}

// Each absent window keeps clear of the other one; text that is no window stays as it is, for the check to name it.
void FillWindows(std::string_view name, model::ClusterSpec& spec) {
  const auto maintenance = model::ParseMaintenanceWindow(spec.maintenance_window);
  const auto snapshot = model::ParseSnapshotWindow(spec.snapshot_window);
  if (maintenance) spec.maintenance_window = model::FormatMaintenanceWindow(*maintenance);
  if (spec.maintenance_window.empty()) spec.maintenance_window = DeriveMaintenanceWindow(name, snapshot);
  if (spec.snapshot_window.empty()) {
    spec.snapshot_window = DeriveSnapshotWindow(name, model::ParseMaintenanceWindow(spec.maintenance_window));
  }
}

}  // namespace

model::ClusterSpec FillDefaults(std::string_view name, const ClusterDraft& draft) {
  model::ClusterSpec spec;
  spec.engine = ToLower(OrElse(draft.engine, "valkey"));
  FillVersion(draft.engine_version, spec);
  spec.node_type = ToLower(draft.node_type);
  spec.shard_count = draft.shard_count.value_or(1);
  spec.replicas_per_shard = draft.replicas_per_shard.value_or(0);
  spec.multi_az = draft.multi_az.value_or(false);
  spec.automatic_failover = draft.automatic_failover.value_or(spec.replicas_per_shard > 0);
  spec.preferred_zones = draft.preferred_zones;
  spec.subnet_group = ToLower(OrElse(draft.subnet_group, "default"));
  spec.security_groups = Sorted(draft.security_groups);
  if (spec.security_groups.empty()) spec.security_groups = {"default"};
  spec.parameter_group = ToLower(OrElse(draft.parameter_group, DefaultParameterGroup(spec)));
  spec.port = draft.port.value_or(6379);
  spec.maintenance_window = draft.maintenance_window;
  spec.snapshot_window = draft.snapshot_window;
  FillWindows(name, spec);
  spec.snapshot_retention_days = draft.snapshot_retention_days.value_or(0);
  spec.auto_minor_version_upgrade = draft.auto_minor_version_upgrade.value_or(true);
  spec.description = draft.description;
  spec.deletion_protection = draft.deletion_protection.value_or(false);
  spec.frozen = draft.frozen.value_or(false);
  spec.tags = draft.tags;
  return spec;
}

ClusterDraft ToDraft(const model::ClusterSpec& spec) {
  return {.engine = spec.engine,
          .engine_version = model::VersionAskedFor(model::BuildOf(spec)),
          .node_type = spec.node_type,
          .shard_count = spec.shard_count,
          .replicas_per_shard = spec.replicas_per_shard,
          .multi_az = spec.multi_az,
          .automatic_failover = spec.automatic_failover,
          .preferred_zones = spec.preferred_zones,
          .subnet_group = spec.subnet_group,
          .security_groups = spec.security_groups,
          .parameter_group = spec.parameter_group,
          .port = spec.port,
          .maintenance_window = spec.maintenance_window,
          .snapshot_window = spec.snapshot_window,
          .snapshot_retention_days = spec.snapshot_retention_days,
          .auto_minor_version_upgrade = spec.auto_minor_version_upgrade,
          .description = spec.description,
          .deletion_protection = spec.deletion_protection,
          .frozen = spec.frozen,
          .tags = spec.tags};
}

}  // namespace cacheplane::service
