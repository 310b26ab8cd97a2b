#include "controlplane/service/parameter_group_service.h"

#include <fmt/format.h>

#include <array>

#include "common/text.h"
#include "controlplane/service/fingerprint.h"
#include "controlplane/service/idempotency.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/validate_parameters.h"

namespace cacheplane::service {
namespace {

using Write = ParameterGroupChange::Write;

constexpr std::array<const char*, 3> kSources = {"user", "system", "engine-default"};

model::Event EventOf(const char* source_type, const std::string& source, std::string message, WallTime now) {
  return {.sequence = 0,
          .time = now,
          .source_type = source_type,
          .source = source,
          .message = std::move(message),
          .severity = model::Severity::kInfo,
          .cluster = ""};
}

// Of a cluster that uses the group.
model::Event ClusterEvent(const model::Cluster& cluster, const ParameterGroupChange& change, WallTime now) {
  model::Event event = EventOf("replication-group", cluster.name,
                               fmt::format("Parameters of cluster {} changed by parameter group {}: {}", cluster.name,
                                           change.group.name, Join(change.parameters, ", ")),
                               now);
  event.cluster = cluster.name;
  return event;
}

Status CheckSource(const std::string& source) {
  if (source.empty()) return {};
  for (const char* known : kSources) {
    if (source == known) return {};
  }
  return Invalid("source", source, "is unknown", QuotedList({kSources.begin(), kSources.end()}));
}

// Everything that is not set in a group is set by Cacheplane: no engine is left with a default of its own.
bool HasSource(const ParameterDetails& row, const std::string& source) {
  return source.empty() || source == (row.is_set ? "user" : "system");
}

Page<ParameterDetails> PageOfParameters(std::vector<ParameterDetails> rows, const ports::PageRequest& page,
                                        std::string_view scope) {
  std::erase_if(rows, [&](const ParameterDetails& row) { return row.parameter->name <= page.after; });
  return MakePage(std::move(rows), page, scope, [](const ParameterDetails& row) { return row.parameter->name; });
}

}  // namespace

ParameterGroupService::ParameterGroupService(ports::Store& store, ports::ReconcileSignal& reconcile,
                                             ports::JournalSignal& journal, const Clock& clock)
    : store_(store), reconcile_(reconcile), journal_(journal), clock_(clock) {}

template <typename Request, typename Prepare>
Result<model::ParameterGroup> ParameterGroupService::Mutate(const char* method, const Request& request,
                                                            Prepare prepare) {
  CP_RETURN_IF_ERROR(CheckRequestId(request.request_id));
  const CallIdentity call{request.request_id, method, Fingerprint(request)};
  ParameterGroupChange change;
  const Status status = store_.Write([&](ports::Transaction& transaction) -> Status {
    const WallTime now = clock_.Now();
    CP_ASSIGN_OR_RETURN(const auto first, FindFirstCall(transaction.journal(), call, now));
    if (first) {
      const auto group = transaction.parameter_groups().Find(request.name);
      change.group =
          group.value_or(model::ParameterGroup{.name = ToLower(request.name), .family = "", .description = ""});
      return {};
    }
    CP_ASSIGN_OR_RETURN(change, prepare(transaction, request));
    CP_RETURN_IF_ERROR(Commit(transaction, change, now));
    RememberCall(transaction.journal(), call, change.group.name, {}, now);
    return {};
  });
  if (!status.ok()) return status.error();
  Tell(change);
  return change.group;
}

Status ParameterGroupService::Commit(ports::Transaction& transaction, const ParameterGroupChange& change,
                                     WallTime now) {
  ports::ParameterGroupTable& table = transaction.parameter_groups();
  switch (change.write) {
    case Write::kInsert: CP_RETURN_IF_ERROR(table.Insert(change.group)); break;
    case Write::kUpdate: CP_RETURN_IF_ERROR(table.Update(change.group)); break;
    case Write::kRemove: CP_RETURN_IF_ERROR(table.Remove(change.group.name)); break;
    case Write::kNothing: return {};
  }
  transaction.journal().AppendEvent(EventOf("cache-parameter-group", change.group.name, change.event, now));
  for (const model::Cluster& cluster : change.users) {
    transaction.journal().AppendEvent(ClusterEvent(cluster, change, now));
  }
  return {};
}

void ParameterGroupService::Tell(const ParameterGroupChange& change) {
  if (change.write == Write::kNothing) return;
  for (const model::Cluster& cluster : change.users) reconcile_.AssignmentsChanged(cluster.uid);
  journal_.JournalGrew();
}

Result<model::ParameterGroup> ParameterGroupService::CreateParameterGroup(const CreateParameterGroupRequest& request) {
  return Mutate("CreateParameterGroup", request, [](auto& tx, const auto& asked) { return PrepareCreate(tx, asked); });
}

Result<model::ParameterGroup> ParameterGroupService::CopyParameterGroup(const CopyParameterGroupRequest& request) {
  return Mutate("CopyParameterGroup", request, PrepareCopy);
}

Result<model::ParameterGroup> ParameterGroupService::ModifyParameterGroup(const ModifyParameterGroupRequest& request) {
  return Mutate("ModifyParameterGroup", request, [](auto& tx, const auto& asked) { return PrepareModify(tx, asked); });
}

Result<model::ParameterGroup> ParameterGroupService::ResetParameterGroup(const ResetParameterGroupRequest& request) {
  return Mutate("ResetParameterGroup", request, PrepareReset);
}

Status ParameterGroupService::DeleteParameterGroup(const DeleteParameterGroupRequest& request) {
  const auto deleted =
      Mutate("DeleteParameterGroup", request, [](auto& tx, const auto& asked) { return PrepareDelete(tx, asked); });
  return deleted.ok() ? Status() : Status(deleted.error());
}

Result<model::ParameterGroup> ParameterGroupService::GetParameterGroup(const std::string& name) const {
  Result<model::ParameterGroup> group = model::ParameterGroup{};
  store_.Read([&](ports::Transaction& transaction) { group = RequireParameterGroup(transaction, "name", name); });
  return group;
}

Result<Page<model::ParameterGroup>> ParameterGroupService::ListParameterGroups(const ListRequest& request) const {
  constexpr std::string_view kScope = "parameter-groups";
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(kScope, request));
  std::vector<model::ParameterGroup> rows;
  store_.Read([&](ports::Transaction& transaction) {
    rows = ListParameterGroupRows(transaction.parameter_groups(), OneMore(page));
  });
  return MakePage(std::move(rows), page, kScope, [](const model::ParameterGroup& row) { return row.name; });
}

Result<Page<ParameterDetails>> ParameterGroupService::ListParameters(const ListParametersRequest& request) const {
  CP_RETURN_IF_ERROR(CheckSource(request.source));
  Result<model::ParameterGroup> group = model::ParameterGroup{};
  store_.Read([&](ports::Transaction& transaction) {
    group = RequireParameterGroup(transaction, "parameter_group", request.parameter_group);
  });
  if (!group.ok()) return group.error();
  const std::string scope = fmt::format("parameters/{}/{}", group->name, request.source);
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request.page));
  std::vector<ParameterDetails> rows = DescribeParameters(*group);
  std::erase_if(rows, [&](const ParameterDetails& row) { return !HasSource(row, request.source); });
  return PageOfParameters(std::move(rows), page, scope);
}

Result<Page<ParameterDetails>> ParameterGroupService::ListEngineDefaultParameters(const std::string& family,
                                                                                  const ListRequest& request) const {
  const std::string known = ToLower(family);
  CP_RETURN_IF_ERROR(CheckFamily("family", known));
  const std::string scope = "engine-default-parameters/" + known;
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request));
  return PageOfParameters(DescribeParameters({.name = "", .family = known, .description = ""}), page, scope);
}

}  // namespace cacheplane::service
