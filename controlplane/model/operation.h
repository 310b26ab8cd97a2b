// Operations and events: what a call set in motion, and what happened.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/model/cluster.h"
#include "controlplane/model/ids.h"

namespace cacheplane::model {

enum class OperationKind {
  kCreateCluster,
  kModifyCluster,
  kDeleteCluster,
  kSwitchover,
  kTestFailover,
  kRebootCluster,
  kMoveNodes,
  kUpdateNodes,
  kStopCluster,
  kStartCluster,
};
//  queued ──► running ──► succeeded
//    │           │
//    └───────────┴─────► failed
enum class OperationStatus { kQueued, kRunning, kSucceeded, kFailed };
enum class StepStatus { kPending, kRunning, kDone, kFailed };

std::string_view OperationKindName(OperationKind kind);        // "create-cluster", …
std::string_view OperationStatusName(OperationStatus status);  // "queued", …
std::string_view StepStatusName(StepStatus status);            // "pending", …

struct OperationStep {
  std::string name;
  StepStatus status = StepStatus::kPending;
  std::string detail;

  bool operator==(const OperationStep&) const = default;
};

// How far an operation is: derived from what is observed, stored when it changes.
struct Progress {
  int percent = 0;
  std::vector<OperationStep> steps;
  std::string reason;  // what it waits for

  bool operator==(const Progress&) const = default;
};

// Of an operation that ends as failed: what it was at has failed.
void FailRunningSteps(Progress& progress);

// A change that waits for its turn: the definition that was asked for, and the fields of it that shall change then.
struct AskedChange {
  ClusterSpec spec;
  std::vector<std::string> fields;

  bool operator==(const AskedChange&) const = default;
};

struct Operation {
  OperationId id;
  OperationKind kind = OperationKind::kCreateCluster;
  ClusterUid cluster;
  std::string target;  // the cluster's name
  NodeName node{};     // switchover: who shall be primary; test failover: the primary that is killed
  OperationStatus status = OperationStatus::kRunning;
  Progress progress;
  std::uint64_t revision = 1;
  WallTime created;
  std::optional<WallTime> ended;
  // Of a change of what nodes are made of: what they were made of, why the cluster goes back to that (empty: it does
  // not), how many handovers were given up, and until when none is tried again.
  std::optional<Build> before{};
  int before_replicas = 0;              // and how many there were
  int before_port = 0;                  // of a change of where nodes are: their port and
  std::string before_subnet_group{};    // subnet group until then
  std::vector<std::string> removals{};  // replicas that are to go first, by name
  std::string failure{};
  int attempts = 0;
  WallTime retry_at{};
  Epoch handover_epoch{};  // of its latest switch of the primary; 0: there was none
  // Of a reboot: whose processes give way to others, each with the renewal (Node::renewal) that it had.
  std::map<Incarnation, std::uint64_t> reboots{};
  // Of an update to newer patch levels: the version that each node had.
  std::map<Incarnation, std::string> images_before{};
  std::string update_to{};  // the newest that one was to get
  bool by_call = false;     // somebody asked for it; otherwise it began in a maintenance window
  // It shall end: a modification by going back, a reboot by leaving the rest alone.
  bool cancelled = false;
  std::int64_t write_pause_us = 0;  // that its handover cost; 0: there was none yet, or nobody knows
  // While it runs: as of the latest change of its percentage.
  std::optional<WallTime> expected_end{};
  std::optional<AskedChange> asked{};  // while it is queued; kept when that was all
  std::optional<WallTime> begun{};     // when its turn came; nothing: with the call, or never

  bool operator==(const Operation&) const = default;
};

// Not succeeded, and not failed.
bool IsOpen(const Operation& operation);

// Since when it runs.
WallTime BegunAt(const Operation& operation);

// As succeeded or failed, with the reason.
void End(Operation& operation, OperationStatus status, std::string reason, WallTime now);

// It runs, and makes nodes anew, adds, removes or moves them.
bool IsRolling(const Operation& operation);

enum class Severity { kInfo, kWarning, kError };

std::string_view SeverityName(Severity severity);  // "info", …

struct Event {
  std::uint64_t sequence = 0;  // given by the store: rises by one with every event
  WallTime time;
  std::string source_type;  // "replication-group", "cache-cluster", "cache-subnet-group", "cache-security-group",
                            // "cache-parameter-group", "agent", "access-key"
  std::string source;
  std::string message;
  Severity severity = Severity::kInfo;
  std::string cluster;  // its name, empty when there is none

  bool operator==(const Event&) const = default;
};

}  // namespace cacheplane::model
