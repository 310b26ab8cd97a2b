#include "controlplane/service/fingerprint.h"

#include <fmt/format.h>

#include <concepts>

#include "common/text.h"
#include "controlplane/service/stable_hash.h"

namespace cacheplane::service {
namespace {

// Writes fields one after the other. Absent fields are left out, so that a field added later changes no fingerprint of
// a request without it; lengths keep neighbouring texts apart.
class Canonical {
 public:
  Canonical& Add(std::string_view field, std::string_view value) {
    if (!value.empty()) text_ += fmt::format("{}={}:{};", field, value.size(), value);
    return *this;
  }
  template <typename T>
  requires std::integral<T> Canonical& Add(std::string_view field, const std::optional<T>& value) {
    if (value) text_ += fmt::format("{}={};", field, static_cast<int>(*value));
    return *this;
  }
  Canonical& Add(std::string_view field, const std::vector<std::string>& values) {
    for (const std::string& value : values) text_ += fmt::format("{}[]={}:{};", field, value.size(), value);
    return *this;
  }
  Canonical& Add(std::string_view field, const std::map<std::string, std::string>& values) {
    for (const auto& [key, value] : values) {
      text_ += fmt::format("{}[{}:{}]={}:{};", field, key.size(), key, value.size(), value);
    }
    return *this;
  }

  // 128 bits, so that no two requests of one id meet by chance.
  std::string Hash() const {
    return fmt::format("{:016x}{:016x}", StableHash(text_), StableHash(text_, StableHash("second")));
  }

 private:
  std::string text_;
};

void AddRevision(Canonical& canonical, std::string_view field, std::int64_t revision) {
  if (revision != 0) canonical.Add(field, std::to_string(revision));
}

void AddSpec(Canonical& canonical, const ClusterDraft& spec) {
  canonical.Add("engine", spec.engine)
      .Add("engine_version", spec.engine_version)
      .Add("node_type", spec.node_type)
      .Add("shard_count", spec.shard_count)
      .Add("replicas_per_shard", spec.replicas_per_shard)
      .Add("multi_az", spec.multi_az)
      .Add("automatic_failover", spec.automatic_failover)
      .Add("preferred_zones", spec.preferred_zones)
      .Add("subnet_group", spec.subnet_group)
      .Add("security_groups", spec.security_groups)
      .Add("parameter_group", spec.parameter_group)
      .Add("port", spec.port)
      .Add("maintenance_window", spec.maintenance_window)
      .Add("snapshot_window", spec.snapshot_window)
      .Add("snapshot_retention_days", spec.snapshot_retention_days)
      .Add("auto_minor_version_upgrade", spec.auto_minor_version_upgrade)
      .Add("description", spec.description)
      .Add("deletion_protection", spec.deletion_protection)
      .Add("frozen", spec.frozen)
      .Add("tags", spec.tags);
}

}  // namespace

std::string Fingerprint(const CreateClusterRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name));
  // Requests of before there were forms have the same fingerprint as ever.
  const bool usual =
      request.form.empty() || request.form == model::ClusterFormName(model::ClusterForm::kReplicationGroup);
  if (!usual) canonical.Add("form", request.form);
  AddSpec(canonical, request.spec);
  return canonical.Hash();
}

std::string Fingerprint(const ModifyClusterRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name)).Add("update_mask", request.update_mask).Add("etag", request.etag);
  canonical.Add("replicas_to_remove", request.replicas_to_remove);
  if (request.apply_immediately) canonical.Add("apply_immediately", "true");
  AddRevision(canonical, "check_revision", request.check_revision);
  AddSpec(canonical, request.spec);
  return canonical.Hash();
}

std::string Fingerprint(const RollbackClusterRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name)).Add("etag", request.etag);
  if (request.apply_immediately) canonical.Add("apply_immediately", "true");
  AddRevision(canonical, "revision", request.revision);
  AddRevision(canonical, "check_revision", request.check_revision);
  return canonical.Hash();
}

std::string Fingerprint(const DeleteClusterRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name)).Add("etag", request.etag);
  return canonical.Hash();
}

std::string Fingerprint(const SwitchoverClusterRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name))
      .Add("shard", request.shard)
      .Add("node", ToLower(request.node))
      .Add("etag", request.etag)
      .Add("expected_primary", ToLower(request.expected_primary));
  return canonical.Hash();
}

std::string Fingerprint(const RebootClusterRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name)).Add("nodes", request.nodes).Add("etag", request.etag);
  return canonical.Hash();
}

std::string Fingerprint(const UpdateNodesRequest& request) {
  return Canonical()
      .Add("name", ToLower(request.name))
      .Add("version", request.version)
      .Add("etag", request.etag)
      .Hash();
}

std::string Fingerprint(const StopClusterRequest& request) {
  return Canonical().Add("name", ToLower(request.name)).Add("etag", request.etag).Hash();
}

std::string Fingerprint(const StartClusterRequest& request) {
  return Canonical().Add("name", ToLower(request.name)).Add("etag", request.etag).Hash();
}

std::string Fingerprint(const TestFailoverRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name))
      .Add("shard", request.shard)
      .Add("expected_primary", ToLower(request.expected_primary));
  return canonical.Hash();
}

std::string Fingerprint(const CreateParameterGroupRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name))
      .Add("family", ToLower(request.family))
      .Add("description", request.description)
      .Add("tags", request.tags);
  return canonical.Hash();
}

std::string Fingerprint(const CopyParameterGroupRequest& request) {
  Canonical canonical;
  canonical.Add("source", ToLower(request.source))
      .Add("name", ToLower(request.name))
      .Add("description", request.description);
  return canonical.Hash();
}

std::string Fingerprint(const ModifyParameterGroupRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name)).Add("etag", request.etag);
  std::vector<std::string> texts;  // a value may be empty, and counts all the same
  for (const ParameterValue& parameter : request.parameters) {
    texts.push_back(parameter.name);
    texts.push_back(parameter.value);
  }
  canonical.Add("parameters", texts);
  return canonical.Hash();
}

std::string Fingerprint(const ResetParameterGroupRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name))
      .Add("all_parameters", std::optional(request.all_parameters))
      .Add("parameters", request.parameters)
      .Add("etag", request.etag);
  return canonical.Hash();
}

std::string Fingerprint(const DeleteParameterGroupRequest& request) {
  Canonical canonical;
  canonical.Add("name", ToLower(request.name)).Add("etag", request.etag);
  return canonical.Hash();
}

}  // namespace cacheplane::service
