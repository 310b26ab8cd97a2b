#include "cli/commands/cluster_spec.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "cacheplane/v1/cluster.pb.h"

namespace cacheplane::cli {
namespace {

using v1::ClusterSpec;

// One row per field: its flag, its name in the mask, how it is set.
struct TextField {
  const char* flag;
  const char* path;
  void (*set)(ClusterSpec*, const std::string&);
};
struct NumberField {
  const char* flag;
  const char* path;
  void (ClusterSpec::*set)(int);
};
struct ToggleField {
  const char* flag;
  const char* path;
  void (ClusterSpec::*set)(bool);
};
struct ListField {
  const char* flag;
  const char* path;
  google::protobuf::RepeatedPtrField<std::string>* (ClusterSpec::*values)();
};

constexpr TextField kTexts[] = {
    {"engine", "engine", [](ClusterSpec* spec, const std::string& text) { spec->set_engine(text); }},
    {"engine-version", "engine_version",
     [](ClusterSpec* spec, const std::string& text) { spec->set_engine_version(text); }},
    {"node-type", "node_type", [](ClusterSpec* spec, const std::string& text) { spec->set_node_type(text); }},
    {"subnet-group", "subnet_group", [](ClusterSpec* spec, const std::string& text) { spec->set_subnet_group(text); }},
    {"parameter-group", "parameter_group",
     [](ClusterSpec* spec, const std::string& text) { spec->set_parameter_group(text); }},
    {"maintenance-window", "maintenance_window",
     [](ClusterSpec* spec, const std::string& text) { spec->set_maintenance_window(text); }},
    {"snapshot-window", "snapshot_window",
     [](ClusterSpec* spec, const std::string& text) { spec->set_snapshot_window(text); }},
    {"description", "description", [](ClusterSpec* spec, const std::string& text) { spec->set_description(text); }},
};

constexpr NumberField kNumbers[] = {
    {"shards", "shard_count", &ClusterSpec::set_shard_count},
    {"replicas", "replicas_per_shard", &ClusterSpec::set_replicas_per_shard},
    {"port", "port", &ClusterSpec::set_port},
    {"snapshot-retention-days", "snapshot_retention_days", &ClusterSpec::set_snapshot_retention_days},
};

constexpr ToggleField kToggles[] = {
    {"multi-az", "multi_az", &ClusterSpec::set_multi_az},
    {"automatic-failover", "automatic_failover", &ClusterSpec::set_automatic_failover},
    {"auto-minor-version-upgrade", "auto_minor_version_upgrade", &ClusterSpec::set_auto_minor_version_upgrade},
    {"deletion-protection", "deletion_protection", &ClusterSpec::set_deletion_protection},
    {"frozen", "frozen", &ClusterSpec::set_frozen},
};

constexpr ListField kLists[] = {
    {"zones", "preferred_zones", &ClusterSpec::mutable_preferred_zones},
    {"security-groups", "security_groups", &ClusterSpec::mutable_security_groups},
};

// Flags of the fields that ModifyCluster changes (proto/cacheplane/v1/cluster.proto).
constexpr std::array<std::string_view, 17> kChangeable = {
    "engine",
    "engine-version",
    "node-type",
    "parameter-group",
    "replicas",
    "multi-az",
    "automatic-failover",
    "description",
    "maintenance-window",
    "snapshot-window",
    "snapshot-retention-days",
    "security-groups",
    "auto-minor-version-upgrade",
    "deletion-protection",
    "frozen",
    "port",
    "subnet-group",
};

template <typename Rows>
std::string FlagIn(const Rows& rows, std::string_view field) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const auto& one) { return one.path == field; });
  return row == std::end(rows) ? "" : row->flag;
}

}  // namespace

std::vector<Flag> SpecFlags() {
  using enum FlagKind;
  return {
      {"engine", kText, "ENGINE", "valkey (default) or redis", {}},
      {"engine-version", kText, "VERSION", "such as 8.0; `cachectl engine-version list` shows them"},
      {"node-type", kText, "TYPE", "such as cache.t4g.small", {}, "node-type"},
      {"shards", kNumber, "N", "number of shards (default 1)"},
      {"replicas", kNumber, "N", "replicas of each primary, 0 (default) to 5"},
      {"multi-az", kToggle, "", "nodes of a shard in different zones"},
      {"automatic-failover", kToggle, "", "promote a replica when the primary dies (default: when there are replicas)"},
      {"zones", kCommaList, "A,B,C", "a zone per node, the primary's first"},
      {"subnet-group", kText, "NAME", "where nodes and endpoints get their addresses", {}, "subnet-group"},
      {"security-groups", kCommaList, "A,B", "who may connect", {}, "security-group"},
      {"parameter-group", kText, "NAME", "settings of the engine"},
      {"port", kNumber, "PORT", "port of nodes and endpoints (default 6379)"},
      {"maintenance-window", kText, "WINDOW", "UTC, such as sun:05:00-sun:06:00"},
      {"snapshot-window", kText, "WINDOW", "UTC, such as 03:00-04:00"},
      {"snapshot-retention-days", kNumber, "DAYS", "0 (default: off) to 35"},
      {"auto-minor-version-upgrade", kToggle, "", "take new minor versions in the maintenance window (default)"},
      {"description", kText, "TEXT", "free text"},
      {"deletion-protection", kToggle, "", "refuse to be deleted"},
      {"frozen", kToggle, "", "no failover, repair, maintenance or move begins by itself"},
  };
}

std::vector<Flag> ModifyFlags() {
  std::vector<Flag> flags = SpecFlags();
  for (Flag& flag : flags) {
    flag.hidden = std::find(kChangeable.begin(), kChangeable.end(), flag.name) == kChangeable.end();
  }
  return flags;
}

std::vector<Flag> ChangeFlags() {
  using enum FlagKind;
  return {
      {"request-id", kText, "ID", "repeating a call with the same id has no further effect"},
      {"validate-only", kSwitch, "", "check, but do nothing"},
      {"no-wait", kSwitch, "", "do not wait for the operation's end"},
      {"timeout", kDuration, "TIME", "wait at most this long, such as 90s (default 5m)"},
  };
}

Flag CheckRevisionFlag() {
  return {"check-revision", FlagKind::kNumber, "N",
          "only while the definition is this revision, as a plan names it: what was planned, or nothing"};
}

std::vector<std::string> ApplySpecFlags(const Arguments& arguments, ClusterSpec* spec) {
  std::vector<std::string> paths;
  for (const TextField& field : kTexts) {
    if (!arguments.Has(field.flag)) continue;
    field.set(spec, *arguments.Text(field.flag));
    paths.emplace_back(field.path);
  }
  for (const NumberField& field : kNumbers) {
    if (!arguments.Has(field.flag)) continue;
    (spec->*field.set)(*arguments.Number(field.flag));
    paths.emplace_back(field.path);
  }
  for (const ToggleField& field : kToggles) {
    if (!arguments.Has(field.flag)) continue;
    (spec->*field.set)(*arguments.Toggle(field.flag));
    paths.emplace_back(field.path);
  }
  for (const ListField& field : kLists) {
    if (!arguments.Has(field.flag)) continue;
    (spec->*field.values)()->Clear();
    for (const std::string& value : arguments.List(field.flag)) *(spec->*field.values)()->Add() = value;
    paths.emplace_back(field.path);
  }
  return paths;
}

std::string FlagOfSpecField(std::string_view field) {
  if (field == "tags") return "tag";
  for (const std::string& flag :
       {FlagIn(kTexts, field), FlagIn(kNumbers, field), FlagIn(kToggles, field), FlagIn(kLists, field)}) {
    if (!flag.empty()) return flag;
  }
  return "";
}

}  // namespace cacheplane::cli
