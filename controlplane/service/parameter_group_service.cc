#include "controlplane/service/parameter_group_service.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "common/text.h"
#include "controlplane/service/fingerprint.h"
#include "controlplane/service/idempotency.h"
#include "controlplane/service/rules.h"
#include "controlplane/service/trial_round.h"
#include "controlplane/service/validate_parameters.h"

namespace cacheplane::service {
namespace {

using Write = ParameterGroupChange::Write;

constexpr std::array<const char*, 3> kSources = {"user", "system", "engine-default"};

model::Event EventOf(std::string_view source_type, const std::string& source, const std::string& message,
                     const ParameterGroupChange& change, WallTime now) {
  return {.sequence = 0,
          .time = now,
          .source_type = std::string(source_type),
          .source = source,
          .message = message + change.untried,
          .severity = change.untried.empty() ? model::Severity::kInfo : model::Severity::kWarning,
          .cluster = ""};
}

// Of a cluster that uses the group.
model::Event ClusterEvent(const model::Cluster& cluster, const ParameterGroupChange& change, WallTime now) {
  model::Event event = EventOf(model::ClusterFormName(cluster.form), cluster.name,
                               fmt::format("Parameters of cluster {} changed by parameter group {}: {}", cluster.name,
                                           change.group.name, Join(change.parameters, ", ")),
                               change, now);
  event.cluster = cluster.name;
  return event;
}

// A change that engines are to try, and who tries it.
struct Rehearsal {
  ParameterGroupChange change;
  ports::Trial values;
  std::vector<TrialPlan> plans;
};

Rehearsal Rehearse(ports::Transaction& transaction, ParameterGroupChange change, const ports::FactSnapshot& facts,
                   MonoTime now) {
  Rehearsal rehearsal{.change = std::move(change), .values = {}, .plans = {}};
  if (rehearsal.change.parameters.empty()) return rehearsal;
  rehearsal.values = TrialOf(rehearsal.change);
  rehearsal.plans = PlanTrials(transaction, rehearsal.change, facts, now);
  return rehearsal;
}

// `change`, prepared anew, is what engines have tried.
Status CheckWasTried(const ParameterGroupChange& change, const ParameterGroupChange& tried) {
  if (change.parameters.empty()) return {};
  if (change.group == tried.group && change.parameters == tried.parameters) return {};
  return Aborted(
      fmt::format("name: {} changed while engines tried the values; nothing was changed by this call: try again",
                  Quoted(change.group.name)));
}

void TellTrials(ParameterGroupChange& change, const std::vector<ParameterTrial>& trials) {
  if (change.parameters.empty()) return;
  const std::string tried = DescribeTried(trials);
  const std::string untried = DescribeUntried(trials);
  if (!tried.empty()) change.event += "; tried by " + tried;
  if (untried.empty()) return;
  const char* who = tried.empty() ? "no engine has" : "no engine of some versions has";
  change.untried = fmt::format("; {} tried the values: {}", who, untried);
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

ParameterGroupService::ParameterGroupService(ports::Store& store, const ports::FactSource& facts,
                                             ports::TrialSender& trials, Signals signals, const Clock& clock)
    : store_(store), facts_(facts), trials_(trials), signals_(signals), clock_(clock) {}

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

template <typename Request, typename Prepare>
void ParameterGroupService::MutateTried(const char* method, const Request& request, Prepare prepare, const Done& done) {
  if (const Status known = CheckRequestId(request.request_id); !known.ok()) return done(known.error());
  Result<Rehearsal> rehearsal = Rehearsal{};
  store_.Read([&](ports::Transaction& transaction) {
    const CallIdentity call{request.request_id, method, Fingerprint(request)};
    const auto first = FindFirstCall(transaction.journal(), call, clock_.Now());
    if (!first.ok() || *first) return;  // Mutate finds it, too, and answers
    auto change = prepare(transaction, request);
    rehearsal = change.ok() ? Rehearse(transaction, std::move(*change), facts_.Snapshot(), clock_.Mono())
                            : Result<Rehearsal>(change.error());
  });
  if (!rehearsal.ok()) return done(rehearsal.error());
  const ParameterGroupChange tried = rehearsal->change;
  TryParameters(trials_, clock_, std::move(rehearsal->values), std::move(rehearsal->plans),
                [this, method, request, prepare, tried, done](const std::vector<ParameterTrial>& trials) {
                  if (const Status status = CheckNotRefused(tried, trials); !status.ok()) return done(status.error());
                  const auto group =
                      Mutate(method, request,
                             [&](ports::Transaction& tx, const Request& asked) -> Result<ParameterGroupChange> {
                               CP_ASSIGN_OR_RETURN(ParameterGroupChange change, prepare(tx, asked));
                               CP_RETURN_IF_ERROR(CheckWasTried(change, tried));
                               TellTrials(change, trials);
                               return change;
                             });
                  if (!group.ok()) return done(group.error());
                  done(ChangedParameterGroup{*group, trials});
                });
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
  transaction.journal().AppendEvent(EventOf("cache-parameter-group", change.group.name, change.event, change, now));
  for (const model::Cluster& cluster : change.users) {
    transaction.journal().AppendEvent(ClusterEvent(cluster, change, now));
  }
  return {};
}

void ParameterGroupService::Tell(const ParameterGroupChange& change) {
  if (change.write == Write::kNothing) return;
  for (const model::Cluster& cluster : change.users) signals_.reconcile.AssignmentsChanged(cluster.uid);
  signals_.journal.JournalGrew();
}

Result<model::ParameterGroup> ParameterGroupService::CreateParameterGroup(const CreateParameterGroupRequest& request) {
  return Mutate("CreateParameterGroup", request, [](auto& tx, const auto& asked) { return PrepareCreate(tx, asked); });
}

Result<model::ParameterGroup> ParameterGroupService::CopyParameterGroup(const CopyParameterGroupRequest& request) {
  return Mutate("CopyParameterGroup", request, PrepareCopy);
}

void ParameterGroupService::ModifyParameterGroup(const ModifyParameterGroupRequest& request, const Done& done) {
  MutateTried(
      "ModifyParameterGroup", request, [](auto& tx, const auto& asked) { return PrepareModify(tx, asked); }, done);
}

void ParameterGroupService::ResetParameterGroup(const ResetParameterGroupRequest& request, const Done& done) {
  MutateTried("ResetParameterGroup", request, PrepareReset, done);
}

Result<model::ParameterGroup> ParameterGroupService::TagParameterGroup(const std::string& name,
                                                                       const TagChange& change) {
  ParameterGroupChange tagged;
  CP_RETURN_IF_ERROR(store_.Write([&](ports::Transaction& transaction) -> Status {
    CP_ASSIGN_OR_RETURN(tagged, PrepareTags(transaction, name, change));
    return Commit(transaction, tagged, clock_.Now());
  }));
  Tell(tagged);
  return tagged.group;
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
