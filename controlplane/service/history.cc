#include "controlplane/service/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/text.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

constexpr char kNone[] = "none";

using Change = model::FieldChange;

std::string LineOf(const Change& change) {
  return fmt::format("{}: {} → {}", change.field, change.before, change.after);
}

std::string Shown(const std::string& text) { return text.empty() ? kNone : text; }
std::string Shown(int number) { return std::to_string(number); }
std::string Shown(bool value) { return value ? "true" : "false"; }
std::string Shown(const std::vector<std::string>& texts) { return Shown(Join(texts, ", ")); }

class Changes {
 public:
  template <typename T>
  Changes& Add(const char* field, const T& before, const T& after) {
    if (before != after) rows_.push_back({field, Shown(before), Shown(after)});
    return *this;
  }
  Changes& AddFree(std::string field, const std::string* before, const std::string* after) {
    const bool same = before != nullptr && after != nullptr ? *before == *after : before == after;
    const auto shown = [](const std::string* text) { return text == nullptr ? kNone : Quoted(*text); };
    if (!same) rows_.push_back({std::move(field), shown(before), shown(after)});
    return *this;
  }
  std::vector<Change> Take() { return std::move(rows_); }

 private:
  std::vector<Change> rows_;
};

using Tags = std::map<std::string, std::string>;

void AddTags(const Tags& before, const Tags& after, Changes& changes) {
  std::set<std::string> keys;
  for (const Tags& tags : {before, after}) {
    for (const auto& [key, value] : tags) keys.insert(key);
  }
  const auto find = [](const Tags& tags, const std::string& key) {
    const auto tag = tags.find(key);
    return tag == tags.end() ? nullptr : &tag->second;
  };
  for (const std::string& key : keys) changes.AddFree("tags." + key, find(before, key), find(after, key));
}

// "7.0", or "7.1 (runs 7.0)" where it was asked for by another number.
template <typename Made>
std::string VersionOf(const Made& made) {
  if (made.engine_version_alias.empty()) return made.engine_version;
  return fmt::format("{} (runs {})", made.engine_version_alias, made.engine_version);
}

std::vector<Change> ChangesOf(const model::ClusterSpec& a, const model::ClusterSpec& b) {
  Changes changes;
  changes.Add("engine", a.engine, b.engine)
      .Add("engine_version", VersionOf(a), VersionOf(b))
      .Add("node_type", a.node_type, b.node_type)
      .Add("shard_count", a.shard_count, b.shard_count)
      .Add("replicas_per_shard", a.replicas_per_shard, b.replicas_per_shard)
      .Add("multi_az", a.multi_az, b.multi_az)
      .Add("automatic_failover", a.automatic_failover, b.automatic_failover)
      .Add("preferred_zones", a.preferred_zones, b.preferred_zones)
      .Add("subnet_group", a.subnet_group, b.subnet_group)
      .Add("security_groups", a.security_groups, b.security_groups)
      .Add("parameter_group", a.parameter_group, b.parameter_group)
      .Add("port", a.port, b.port)
      .Add("maintenance_window", a.maintenance_window, b.maintenance_window)
      .Add("snapshot_window", a.snapshot_window, b.snapshot_window)
      .Add("snapshot_retention_days", a.snapshot_retention_days, b.snapshot_retention_days)
      .Add("auto_minor_version_upgrade", a.auto_minor_version_upgrade, b.auto_minor_version_upgrade)
      .AddFree("description", &a.description, &b.description)
      .Add("deletion_protection", a.deletion_protection, b.deletion_protection)
      .Add("frozen", a.frozen, b.frozen);
  AddTags(a.tags, b.tags, changes);
  return changes.Take();
}

// What waits, as far as it differs from what is: the rest is empty.
model::Build Waiting(const model::Definition& definition) {
  if (!definition.pending) return {};
  model::Build waiting = *definition.pending;
  const model::Build now = model::BuildOf(definition.spec);
  if (VersionOf(waiting) == VersionOf(now)) waiting.engine_version = waiting.engine_version_alias = "";
  for (const auto field : {&model::Build::engine, &model::Build::node_type, &model::Build::parameter_group}) {
    if (waiting.*field == now.*field) (waiting.*field).clear();
  }
  return waiting;
}

std::vector<Change> ChangesOfPending(const model::Build& a, const model::Build& b) {
  return Changes()
      .Add("pending.engine", a.engine, b.engine)
      .Add("pending.engine_version", VersionOf(a), VersionOf(b))
      .Add("pending.node_type", a.node_type, b.node_type)
      .Add("pending.parameter_group", a.parameter_group, b.parameter_group)
      .Take();
}

template <typename T>
bool Holds(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

std::vector<model::FieldChange> FieldChanges(const model::Definition& before, const model::Definition& after) {
  std::vector<Change> changes = ChangesOf(before.spec, after.spec);
  for (Change& change : ChangesOfPending(Waiting(before), Waiting(after))) changes.push_back(std::move(change));
  return changes;
}

std::vector<std::string> ChangesBetween(const model::Definition& before, const model::Definition& after) {
  std::vector<std::string> lines;
  for (const Change& change : FieldChanges(before, after)) lines.push_back(LineOf(change));
  return lines;
}

std::vector<std::string> TakenAlong(const model::Cluster& before, const model::Cluster& after,
                                    const std::vector<std::string>& fields) {
  if (!before.pending || after.pending) return {};
  const std::vector<Change> waited = ChangesOf(before.spec, model::WithBuild(before.spec, *before.pending));
  std::vector<std::string> lines;
  for (const Change& change : ChangesOf(before.spec, after.spec)) {
    if (Holds(waited, change) && !Holds(fields, change.field)) lines.push_back(LineOf(change));
  }
  return lines;
}

Result<Page<RevisionDetails>> ListRevisions(ports::Transaction& transaction, const model::Cluster& cluster,
                                            const ListRequest& request) {
  const std::string scope = "revisions/" + cluster.uid.str();
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request));
  // A token holds a number that this very list gave.
  const auto below = static_cast<std::uint64_t>(page.after.empty() ? 0 : ParseInt(page.after).value_or(0));
  std::vector<RevisionDetails> rows;
  for (model::Revision& revision : transaction.clusters().Revisions(cluster.uid, below, page.limit + 1)) {
    if (!rows.empty()) {
      rows.back().changes = ChangesBetween(revision.definition, rows.back().revision.definition);
    }
    rows.push_back({std::move(revision), {}});
  }
  return MakePage(std::move(rows), page, scope,
                  [](const RevisionDetails& row) { return std::to_string(row.revision.number); });
}

Result<model::Revision> FindRevision(ports::Transaction& transaction, const model::Cluster& cluster,
                                     std::int64_t number) {
  const std::vector<model::Revision> kept = transaction.clusters().Revisions(cluster.uid, 0, ports::kMostRevisions);
  const auto found = std::find_if(kept.begin(), kept.end(),
                                  [&](const model::Revision& row) { return std::cmp_equal(row.number, number); });
  if (found != kept.end()) return *found;
  const std::string allowed = kept.empty() ? kNone : fmt::format("{} to {}", kept.back().number, kept.front().number);
  const std::string message =
      fmt::format("revision: {} of cluster {} is not kept; allowed: {}", number, cluster.name, allowed);
  return number > 0 ? NotFound(message) : InvalidArgument(message);
}

}  // namespace cacheplane::service
