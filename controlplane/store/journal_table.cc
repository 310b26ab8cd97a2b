#include "controlplane/store/journal_table.h"

#include <algorithm>
#include <limits>

#include "common/text.h"
#include "controlplane/store/enum_text.h"
#include "controlplane/store/json_text.h"
#include "controlplane/store/sql/text.h"

namespace cacheplane::store {
namespace {

using model::Event;
using model::Operation;
using model::OperationKind;
using model::OperationStatus;
using model::Severity;
using ports::RememberedRequest;

const sql::Table kOperation{"operation",
                            {"id"},
                            {"kind",
                             "cluster",
                             "target",
                             "status",
                             "percent",
                             "steps_json",
                             "reason",
                             "revision",
                             "created",
                             "ended",
                             "node",
                             "before_json",
                             "removals_json",
                             "failure",
                             "attempts",
                             "retry_at",
                             "handover_epoch",
                             "write_pause_us",
                             "before_replicas",
                             "reboots_json",
                             "cancelled",
                             "before_port",
                             "before_subnet_group",
                             "images_before_json",
                             "expected_end",
                             "asked_json",
                             "begun",
                             "update_to",
                             "by_call"}};
const sql::Table kEvent{"event", {"sequence"}, {"time", "source_type", "source", "message", "severity", "cluster"}};
const sql::Table kRequest{
    "remembered_request", {"request_id"}, {"method", "fingerprint", "cluster", "operation", "time"}};

const std::string kPutOperation = sql::Put(kOperation);
const std::string kFindOperation = sql::Select(kOperation) + " WHERE id = $1";
// By the clusters, which are few beside all operations that ever were.
const std::string kCountRolling =
    "SELECT count(*) FROM cluster JOIN operation ON operation.id = cluster.operation "
    "WHERE operation.status = $1 AND coalesce(operation.begun, operation.created) > $2 AND operation.kind IN ($3, $4, "
    "$5, $6)";
const std::string kBehind = " (created < $2 OR (created = $2 AND id < $3)) ORDER BY created DESC, id DESC LIMIT $4";
const std::string kSelectOperations = sql::Select(kOperation) + " WHERE $1 = '' AND" + kBehind;
const std::string kSelectOperationsOf = sql::Select(kOperation) + " WHERE target = $1 AND" + kBehind;
const std::string kInsertEvent = sql::Insert(kEvent);
const std::string kSelectEvents = sql::Select(kEvent) +
                                  " WHERE sequence > $1 AND ($2 = '' OR cluster = $2) AND ($3 = '' OR source_type = $3)"
                                  " AND time >= $4 AND time < $5 AND ($7 = '' OR source = $7) AND sequence < $8";
const std::string kOldestFirst = kSelectEvents + " ORDER BY sequence LIMIT $6";
const std::string kNewestFirst = kSelectEvents + " ORDER BY sequence DESC LIMIT $6";
const std::string kInsertRequest = sql::Insert(kRequest);
const std::string kFindRequest = sql::Select(kRequest) + " WHERE request_id = $1";

constexpr std::int64_t kAlwaysBefore = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kAlwaysAfter = std::numeric_limits<std::int64_t>::max();

Operation ReadOperation(sql::Row& row) {
  Operation operation;
  std::string kind;
  std::string status;
  std::string steps;
  std::string before;
  std::string removals;
  std::string reboots;
  std::string images;
  std::string asked;
  row.Into(operation.id, kind, operation.cluster, operation.target, status, operation.progress.percent, steps,
           operation.progress.reason, operation.revision, operation.created, operation.ended, operation.node, before,
           removals, operation.failure, operation.attempts, operation.retry_at, operation.handover_epoch,
           operation.write_pause_us, operation.before_replicas, reboots, operation.cancelled, operation.before_port,
           operation.before_subnet_group, images, operation.expected_end, asked, operation.begun, operation.update_to,
           operation.by_call);
  if (!asked.empty()) FromJson(asked, operation.asked.emplace());
  FromJson(images, operation.images_before);
  FromJson(reboots, operation.reboots);
  FromJson(removals, operation.removals);
  if (!before.empty()) FromJson(before, operation.before.emplace());
  operation.kind = EnumNamed(kind, model::OperationKindName,
                             {OperationKind::kCreateCluster, OperationKind::kModifyCluster,
                              OperationKind::kDeleteCluster, OperationKind::kSwitchover, OperationKind::kTestFailover,
                              OperationKind::kRebootCluster, OperationKind::kMoveNodes, OperationKind::kUpdateNodes,
                              OperationKind::kStopCluster, OperationKind::kStartCluster});
  operation.status = EnumNamed(
      status, model::OperationStatusName,
      {OperationStatus::kQueued, OperationStatus::kRunning, OperationStatus::kSucceeded, OperationStatus::kFailed});
  FromJson(steps, operation.progress.steps);
  return operation;
}

Event ReadEvent(sql::Row& row) {
  Event event;
  std::string severity;
  row.Into(event.sequence, event.time, event.source_type, event.source, event.message, severity, event.cluster);
  event.severity = EnumNamed(severity, model::SeverityName, {Severity::kInfo, Severity::kWarning, Severity::kError});
  return event;
}

RememberedRequest ReadRequest(sql::Row& row) {
  RememberedRequest request;
  row.Into(request.request_id, request.method, request.fingerprint, request.cluster, request.operation, request.time);
  return request;
}

std::int64_t MillisOr(const std::optional<WallTime>& time, std::int64_t otherwise) {
  return time ? ToUnixMillis(*time) : otherwise;
}

}  // namespace

void JournalTable::PutOperation(const Operation& operation) {
  const model::Progress& progress = operation.progress;
  session_.Execute(kPutOperation, {operation.id,
                                   OperationKindName(operation.kind),
                                   operation.cluster,
                                   ToLower(operation.target),
                                   OperationStatusName(operation.status),
                                   progress.percent,
                                   ToJson(progress.steps),
                                   progress.reason,
                                   operation.revision,
                                   operation.created,
                                   operation.ended,
                                   operation.node,
                                   operation.before ? ToJson(*operation.before) : "",
                                   ToJson(operation.removals),
                                   operation.failure,
                                   operation.attempts,
                                   operation.retry_at,
                                   operation.handover_epoch,
                                   operation.write_pause_us,
                                   operation.before_replicas,
                                   ToJson(operation.reboots),
                                   operation.cancelled,
                                   operation.before_port,
                                   operation.before_subnet_group,
                                   ToJson(operation.images_before),
                                   operation.expected_end,
                                   operation.asked ? ToJson(*operation.asked) : "",
                                   operation.begun,
                                   operation.update_to,
                                   operation.by_call});
}

std::optional<Operation> JournalTable::FindOperation(const model::OperationId& id) {
  return session_.Find(ReadOperation, kFindOperation, {id});
}

std::vector<Operation> JournalTable::Operations(const std::string& target, const ports::PageRequest& page) {
  const auto after = FindOperation(model::OperationId(page.after));
  if (!page.after.empty() && !after) return {};
  return session_.Select(
      ReadOperation, target.empty() ? kSelectOperations : kSelectOperationsOf,
      {ToLower(target), after ? ToUnixMillis(after->created) : kAlwaysAfter, page.after, std::max(page.limit, 0)});
}

int JournalTable::CountRolling(WallTime since) {
  const auto name = [](OperationKind kind) { return OperationKindName(kind); };
  return session_
      .Find(sql::Only<int>, kCountRolling,
            {OperationStatusName(OperationStatus::kRunning), since, name(OperationKind::kModifyCluster),
             name(OperationKind::kRebootCluster), name(OperationKind::kMoveNodes), name(OperationKind::kUpdateNodes)})
      .value();
}

// The counter's row makes one appender wait for the other, so sequences have the order of commits and no gaps.
std::uint64_t JournalTable::AppendEvent(const Event& event) {
  const auto sequence =
      session_
          .Find(sql::Only<std::uint64_t>, "UPDATE counter SET value = value + 1 WHERE name = 'event' RETURNING value")
          .value();
  session_.Execute(kInsertEvent, {sequence, event.time, event.source_type, event.source, event.message,
                                  SeverityName(event.severity), ToLower(event.cluster)});
  return sequence;
}

std::vector<Event> JournalTable::Events(const ports::EventFilter& filter) {
  const auto before = filter.before == 0 ? static_cast<std::uint64_t>(kAlwaysAfter) : filter.before;
  return session_.Select(
      ReadEvent, filter.newest_first ? kNewestFirst : kOldestFirst,
      {filter.after, ToLower(filter.cluster), filter.source_type, MillisOr(filter.from, kAlwaysBefore),
       MillisOr(filter.until, kAlwaysAfter), std::max(filter.limit, 0), filter.source, before});
}

std::uint64_t JournalTable::LastEventSequence() {
  return session_.Find(sql::Only<std::uint64_t>, "SELECT value FROM counter WHERE name = 'event'").value();
}

void JournalTable::ForgetEventsBefore(WallTime time) { session_.Execute("DELETE FROM event WHERE time < $1", {time}); }

void JournalTable::Remember(const RememberedRequest& request) {
  session_.Execute(kInsertRequest, {request.request_id, request.method, request.fingerprint, ToLower(request.cluster),
                                    request.operation, request.time});
}

std::optional<RememberedRequest> JournalTable::Recall(const std::string& request_id) {
  return session_.Find(ReadRequest, kFindRequest, {request_id});
}

void JournalTable::ForgetRequestsBefore(WallTime time) {
  session_.Execute("DELETE FROM remembered_request WHERE time < $1", {time});
}

}  // namespace cacheplane::store
