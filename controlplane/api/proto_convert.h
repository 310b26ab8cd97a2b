// Between the messages of proto/cacheplane/v1 and the plain values of service/. Total: every message becomes a value;
// what a value may be is validated there. Conversions of times and durations can fail, and say which field.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/access_key.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/network.h"
#include "controlplane/model/operation.h"
#include "controlplane/service/audit_service.h"
#include "controlplane/service/catalog_service.h"
#include "controlplane/service/cluster_view.h"
#include "controlplane/service/event_service.h"
#include "controlplane/service/fleet_service.h"
#include "controlplane/service/history.h"
#include "controlplane/service/modify_plan.h"
#include "controlplane/service/network_service.h"
#include "controlplane/service/parameter_groups.h"
#include "controlplane/service/parameter_requests.h"
#include "controlplane/service/parameter_trials.h"
#include "controlplane/service/requests.h"
#include "controlplane/service/successor.h"

namespace google::protobuf {
class Timestamp;
}

namespace cacheplane::v1 {
class AccessKey;
class Agent;
class AuditRecord;
class Cluster;
class ClusterRevision;
class CopyParameterGroupRequest;
class CreateClusterRequest;
class CreateParameterGroupRequest;
class DeleteClusterRequest;
class DeleteParameterGroupRequest;
class EngineVersion;
class Event;
class ListAuditRecordsRequest;
class ListEventsRequest;
class ModifyClusterRequest;
class ModifyParameterGroupRequest;
class Node;
class NodeType;
class Operation;
class Parameter;
class ParameterGroup;
class ParameterTrial;
class ResetParameterGroupRequest;
class RollbackClusterRequest;
class Router;
class SecurityGroup;
class Subnet;
class SubnetGroup;
class PlannedStep;
class RebootClusterRequest;
class StartClusterRequest;
class StopClusterRequest;
class Succession;
class SwitchoverClusterRequest;
class TestFailoverRequest;
class UpdateNodesRequest;
class WaitOperationRequest;
}  // namespace cacheplane::v1

namespace cacheplane::api {

// convert_cluster.cc
service::CreateClusterRequest FromProto(const v1::CreateClusterRequest& message);
service::ModifyClusterRequest FromProto(const v1::ModifyClusterRequest& message);
service::RollbackClusterRequest FromProto(const v1::RollbackClusterRequest& message);
service::DeleteClusterRequest FromProto(const v1::DeleteClusterRequest& message);
service::SwitchoverClusterRequest FromProto(const v1::SwitchoverClusterRequest& message);
service::RebootClusterRequest FromProto(const v1::RebootClusterRequest& message);
service::UpdateNodesRequest FromProto(const v1::UpdateNodesRequest& message);
service::StopClusterRequest FromProto(const v1::StopClusterRequest& message);
service::StartClusterRequest FromProto(const v1::StartClusterRequest& message);
service::TestFailoverRequest FromProto(const v1::TestFailoverRequest& message);
void ToProto(const service::ClusterDetails& details, v1::Cluster& message);
void ToProto(const service::RevisionDetails& details, v1::ClusterRevision& message);
void ToProto(const service::NodeDetails& details, v1::Node& message);
void ToProto(const service::Succession& succession, v1::Succession& message);
void ToProto(const service::PlannedStep& step, v1::PlannedStep& message);

// convert_journal.cc
void ToProto(const model::Operation& operation, v1::Operation& message);
void ToProto(const model::Event& event, v1::Event& message);
// kInvalidArgument for a time that is out of range.
Result<service::ListEventsRequest> FromProto(const v1::ListEventsRequest& message);
void ToProto(WallTime time, google::protobuf::Timestamp& message);
// The first millisecond that is not before the time: with it, "from" and "before" mean the same as with the time.
// kInvalidArgument naming `field` for one outside the years 1 to 9999.
Result<WallTime> FromProto(std::string_view field, const google::protobuf::Timestamp& time);

// What WaitOperation waits for.
struct WaitTerms {
  std::chrono::milliseconds timeout{0};
  std::uint64_t known_revision = 0;
};
// Timeouts above 60 s are 60 s. kInvalidArgument for a negative timeout or revision.
Result<WaitTerms> FromProto(const v1::WaitOperationRequest& message);

// convert_network.cc
service::SubnetDraft FromProto(const v1::Subnet& message);
model::SubnetGroup FromProto(const v1::SubnetGroup& message);
service::SecurityGroupDraft FromProto(const v1::SecurityGroup& message);
void ToProto(const service::SubnetDetails& details, v1::Subnet& message);
void ToProto(const service::SubnetGroupDetails& details, v1::SubnetGroup& message);
void ToProto(const model::SecurityGroup& group, v1::SecurityGroup& message);

// convert_parameter_group.cc
service::CreateParameterGroupRequest FromProto(const v1::CreateParameterGroupRequest& message);
service::CopyParameterGroupRequest FromProto(const v1::CopyParameterGroupRequest& message);
service::ModifyParameterGroupRequest FromProto(const v1::ModifyParameterGroupRequest& message);
service::ResetParameterGroupRequest FromProto(const v1::ResetParameterGroupRequest& message);
service::DeleteParameterGroupRequest FromProto(const v1::DeleteParameterGroupRequest& message);
void ToProto(const model::ParameterGroup& group, v1::ParameterGroup& message);
void ToProto(const service::ParameterDetails& details, v1::Parameter& message);
void ToProto(const service::ParameterTrial& trial, v1::ParameterTrial& message);

// convert_audit.cc
// kInvalidArgument for a time that is out of range.
Result<service::ListAuditRecordsRequest> FromProto(const v1::ListAuditRecordsRequest& message);
void ToProto(const model::AuditRecord& record, v1::AuditRecord& message);

// convert_access_key.cc
void ToProto(const model::AccessKey& key, v1::AccessKey& message);

// convert_fleet.cc
void ToProto(const service::AgentDetails& details, v1::Agent& message);
void ToProto(const model::RouterFacts& router, v1::Router& message);
void ToProto(const service::EngineVersionDetails& details, v1::EngineVersion& message);
void ToProto(const catalog::NodeType& type, v1::NodeType& message);

}  // namespace cacheplane::api
