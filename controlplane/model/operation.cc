#include "controlplane/model/operation.h"

namespace cacheplane::model {

std::string_view OperationKindName(OperationKind kind) {
  switch (kind) {
    case OperationKind::kCreateCluster: return "create-cluster";
    case OperationKind::kModifyCluster: return "modify-cluster";
    case OperationKind::kDeleteCluster: return "delete-cluster";
    case OperationKind::kSwitchover: return "switchover";
    case OperationKind::kRebootCluster: return "reboot-cluster";
    case OperationKind::kMoveNodes: return "move-nodes";
    case OperationKind::kUpdateNodes: return "update-nodes";
    case OperationKind::kStopCluster: return "stop-cluster";
    case OperationKind::kStartCluster: return "start-cluster";
    case OperationKind::kTestFailover: return "test-failover";
  }
  return "";
}

std::string_view OperationStatusName(OperationStatus status) {
  switch (status) {
    case OperationStatus::kQueued: return "queued";
    case OperationStatus::kRunning: return "running";
    case OperationStatus::kSucceeded: return "succeeded";
    case OperationStatus::kFailed: return "failed";
  }
  return "";
}

std::string_view StepStatusName(StepStatus status) {
  switch (status) {
    case StepStatus::kPending: return "pending";
    case StepStatus::kRunning: return "running";
    case StepStatus::kDone: return "done";
    case StepStatus::kFailed: return "failed";
  }
  return "";
}

bool IsOpen(const Operation& operation) {
  return operation.status == OperationStatus::kQueued || operation.status == OperationStatus::kRunning;
}

WallTime BegunAt(const Operation& operation) { return operation.begun.value_or(operation.created); }

void End(Operation& operation, OperationStatus status, std::string reason, WallTime now) {
  operation.status = status;
  if (status == OperationStatus::kFailed) FailRunningSteps(operation.progress);
  operation.progress.reason = std::move(reason);
  operation.expected_end.reset();
  operation.ended = now;
  ++operation.revision;
}

bool IsRolling(const Operation& operation) {
  if (operation.status != OperationStatus::kRunning) return false;
  switch (operation.kind) {
    case OperationKind::kModifyCluster:
    case OperationKind::kRebootCluster:
    case OperationKind::kMoveNodes:
    case OperationKind::kUpdateNodes: return true;
    case OperationKind::kCreateCluster:
    case OperationKind::kDeleteCluster:
    case OperationKind::kSwitchover:
    case OperationKind::kTestFailover:
    case OperationKind::kStopCluster:
    case OperationKind::kStartCluster: break;
  }
  return false;
}

void FailRunningSteps(Progress& progress) {
  for (OperationStep& step : progress.steps) {
    if (step.status == StepStatus::kRunning) step.status = StepStatus::kFailed;
  }
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo: return "info";
    case Severity::kWarning: return "warning";
    case Severity::kError: return "error";
  }
  return "";
}

}  // namespace cacheplane::model
