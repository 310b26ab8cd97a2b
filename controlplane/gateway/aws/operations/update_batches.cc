// Service updates begun and stopped, of several groups and cache clusters in one call: each is done or refused alone.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/cluster_faults.h"
#include "controlplane/gateway/aws/operations/find_member.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/members.h"
#include "controlplane/gateway/aws/operations/read_input.h"
#include "controlplane/gateway/aws/operations/update_view.h"
#include "controlplane/service/cluster_service.h"
#include "controlplane/service/operation_service.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/update_service.h"

namespace cacheplane::gateway::aws {
namespace {

using service::ClusterDetails;
using service::ClusterUpdate;
using service::UpdateStatus;

constexpr const char* kName = "ServiceUpdateName";
constexpr const char* kGroups = "ReplicationGroupIds";
constexpr const char* kCaches = "CacheClusterIds";
constexpr std::size_t kMost = 20;  // of each, in a call

// One of those that are named.
struct Subject {
  const char* member;  // of the answer, that has the id: "ReplicationGroupId", "CacheClusterId"
  std::string id;

  bool is_group() const { return std::string_view(member) == "ReplicationGroupId"; }
};

// What is done about one: the status of its action then, or why nothing is.
using Deed = std::function<std::variant<UpdateStatus, Fault>(const ClusterDetails&)>;

std::variant<std::vector<Subject>, Fault> SubjectsIn(const Json& input) {
  std::vector<Subject> subjects;
  for (const auto& [list, member] : {std::pair(kGroups, "ReplicationGroupId"), std::pair(kCaches, "CacheClusterId")}) {
    const std::vector<std::string> ids = TextsIn(input, list);
    if (ids.size() > kMost) {
      return InvalidParameterValue(fmt::format("{}: {} are named; allowed: at most {}", list, ids.size(), kMost));
    }
    std::set<std::string> named;  // each once
    for (const std::string& id : ids) {
      if (named.insert(ToLower(id)).second) subjects.push_back({member, ToLower(id)});
    }
  }
  if (!subjects.empty()) return subjects;
  return InvalidParameterValue(
      fmt::format("{}: nothing is named, and nothing in {}; allowed: ids in one of them", kGroups, kCaches));
}

Fault FaultOfSubject(const Subject& subject, const Error& error) {
  const Error told = InApiWords(error, {{"version", kName}, {"id", "UpdateAction"}});
  return subject.is_group() ? GroupFault(told) : MemberFault(told);
}

// A group, or a cache cluster that stands alone.
std::variant<ClusterDetails, Fault> Named(const Subject& subject, const Services& services) {
  Result<ClusterDetails> details =
      subject.is_group() ? GroupNamed(services.clusters, subject.id) : ClusterWithMember(services.clusters, subject.id);
  if (!details.ok()) return FaultOfSubject(subject, details.error());
  if (subject.is_group() || StandsAlone(*details)) return *std::move(details);
  return InvalidParameterValue(
      fmt::format("CacheClusterId: {} is a member of a replication group; allowed: that, {}, "
                  "in {}",
                  service::Quoted(subject.id), service::Quoted(details->cluster.name), kGroups));
}

Json RowOf(const Subject& subject, const std::string& update) {
  return {{subject.member, subject.id}, {kName, update}};
}

Json Processed(const Subject& subject, const std::string& update, UpdateStatus status) {
  Json row = RowOf(subject, update);
  row["UpdateActionStatus"] = service::UpdateStatusName(status);
  return row;
}

Json Unprocessed(const Subject& subject, const std::string& update, const Fault& fault) {
  Json row = RowOf(subject, update);
  row["ErrorType"] = fault.code;
  row["ErrorMessage"] = fault.message;
  return row;
}

// Nothing when there is no such service update; the call may be repeated when all have taken it.
std::optional<service::PatchLevel> LevelNamed(const std::string& name, const Services& services) {
  for (const ClusterUpdate& update : services.updates.ClusterUpdates()) {
    if (NameOf(update.level) == ToLower(name)) return update.level;
  }
  return std::nullopt;
}

Answer DoForEach(const std::vector<Subject>& subjects, const std::string& update, const Services& services,
                 const Deed& deed) {
  Json done = Json::array();
  Json refused = Json::array();
  for (const Subject& subject : subjects) {
    const auto details = Named(subject, services);
    std::variant<UpdateStatus, Fault> outcome;
    if (const Fault* fault = std::get_if<Fault>(&details)) {
      outcome = *fault;
    } else {
      outcome = deed(std::get<ClusterDetails>(details));
    }
    if (const Fault* fault = std::get_if<Fault>(&outcome)) {
      refused.push_back(Unprocessed(subject, update, *fault));
    } else {
      done.push_back(Processed(subject, update, std::get<UpdateStatus>(outcome)));
    }
  }
  return Json{{"ProcessedUpdateActions", std::move(done)}, {"UnprocessedUpdateActions", std::move(refused)}};
}

std::optional<ClusterUpdate> UpdateOf(const std::string& cluster, const service::PatchLevel& level,
                                      const Services& services) {
  for (ClusterUpdate& update : services.updates.UpdatesOfCluster(cluster)) {
    if (update.level == level) return std::move(update);
  }
  return std::nullopt;
}

Subject SubjectOf(const ClusterDetails& details) {
  return {StandsAlone(details) ? "CacheClusterId" : "ReplicationGroupId", details.cluster.name};
}

// A cluster's part of the call is recognised when it is repeated.
std::string PartOf(const std::string& request_id, const std::string& cluster) {
  const std::string part = request_id + "/" + cluster;
  return request_id.empty() || !service::CheckRequestId(part).ok() ? "" : part;
}

std::variant<UpdateStatus, Fault> Apply(const ClusterDetails& details, const service::PatchLevel& level,
                                        const std::string& request_id, const Services& services) {
  const std::string& name = details.cluster.name;
  if (details.cluster.spec.engine != level.engine) {
    return InvalidParameterValue(fmt::format("{}: {} is not of {}, which {} runs; allowed: a service update of it",
                                             kName, service::Quoted(NameOf(level)), details.cluster.spec.engine, name));
  }
  const auto answer =
      services.clusters.UpdateNodes({.name = name, .version = level.version, .request_id = PartOf(request_id, name)});
  if (!answer.ok()) return FaultOfSubject(SubjectOf(details), answer.error());
  const std::optional<ClusterUpdate> update = UpdateOf(name, level, services);
  return update ? update->status : UpdateStatus::kWaitingToStart;
}

std::variant<UpdateStatus, Fault> Stop(const ClusterDetails& details, const service::PatchLevel& level,
                                       const Services& services) {
  const std::optional<ClusterUpdate> update = UpdateOf(details.cluster.name, level, services);
  const bool runs = update && update->operation && update->operation->status == model::OperationStatus::kRunning;
  if (!runs) {
    return FaultOfSubject(SubjectOf(details), FailedPrecondition(fmt::format(
                                                  "name: {} has no update to {} under way; allowed: while it has",
                                                  service::Quoted(details.cluster.name), NameOf(level))));
  }
  const auto cancelled = services.operations.CancelOperation(update->operation->id.str());
  if (!cancelled.ok()) return FaultOfSubject(SubjectOf(details), cancelled.error());
  return UpdateStatus::kStopping;
}

using DeedOf = std::variant<UpdateStatus, Fault> (*)(const ClusterDetails&, const service::PatchLevel&, const Call&,
                                                     const Services&);

Answer Batch(const Call& call, const Services& services, DeedOf deed) {
  const std::string name = TextIn(call.input, kName);
  const auto subjects = SubjectsIn(call.input);
  if (const Fault* fault = std::get_if<Fault>(&subjects)) return *fault;
  const std::optional<service::PatchLevel> level = LevelNamed(name, services);
  if (!level) {
    return FaultNamed(
        "ServiceUpdateNotFoundFault",
        fmt::format("{}: {} is none that a node here could take or has taken lately; allowed: a name that "
                    "DescribeServiceUpdates tells",
                    kName, service::Quoted(name)));
  }
  return DoForEach(std::get<std::vector<Subject>>(subjects), NameOf(*level), services,
                   [&](const ClusterDetails& details) { return deed(details, *level, call, services); });
}

}  // namespace

void AddUpdateBatches(HandlerTable& table, const Services& services) {
  const auto add = [&](const char* action, DeedOf deed) {
    table[action] = AtOnce([deed, &services](const Call& call) { return Batch(call, services, deed); });
  };
  add("BatchApplyUpdateAction", [](const ClusterDetails& details, const service::PatchLevel& level, const Call& call,
                                   const Services& all) { return Apply(details, level, RequestIdOf(call), all); });
  add("BatchStopUpdateAction", [](const ClusterDetails& details, const service::PatchLevel& level, const Call&,
                                  const Services& all) { return Stop(details, level, all); });
}

}  // namespace cacheplane::gateway::aws
