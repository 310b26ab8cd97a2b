#include "tests/unit/cli/fake_control_plane.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <thread>

#include "cacheplane/v1/access_key.grpc.pb.h"
#include "cacheplane/v1/audit.grpc.pb.h"
#include "cacheplane/v1/catalog.grpc.pb.h"
#include "cacheplane/v1/cluster.grpc.pb.h"
#include "cacheplane/v1/drill.grpc.pb.h"
#include "cacheplane/v1/event.grpc.pb.h"
#include "cacheplane/v1/fleet.grpc.pb.h"
#include "cacheplane/v1/network.grpc.pb.h"
#include "cacheplane/v1/operation.grpc.pb.h"
#include "cacheplane/v1/parameter_group.grpc.pb.h"
#include "common/check.h"

namespace cacheplane::cli {
namespace {

using Dispatcher = std::function<Status(const google::protobuf::Message&, google::protobuf::Message*)>;

grpc::StatusCode CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::kNotFound: return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::kAlreadyExists: return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::kFailedPrecondition: return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::kAborted: return grpc::StatusCode::ABORTED;
    case ErrorCode::kResourceExhausted: return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kUnavailable: return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::kDeadlineExceeded: return grpc::StatusCode::DEADLINE_EXCEEDED;
    case ErrorCode::kUnauthenticated: return grpc::StatusCode::UNAUTHENTICATED;
    case ErrorCode::kUnimplemented: return grpc::StatusCode::UNIMPLEMENTED;
    case ErrorCode::kInternal: return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::UNKNOWN;
}

grpc::Status ToGrpc(const Status& status) {
  return status.ok() ? grpc::Status::OK : grpc::Status(CodeOf(status.error().code), status.error().message);
}

#define CP_FAKE_RPC(Name)                                                                                            \
  grpc::Status Name(grpc::ServerContext*, const v1::Name##Request* request, v1::Name##Response* response) override { \
    return ToGrpc(dispatch(*request, response));                                                                     \
  }

struct FakeClusters final : v1::ClusterService::Service {
  CP_FAKE_RPC(CreateCluster)
  CP_FAKE_RPC(GetCluster)
  CP_FAKE_RPC(ListClusters)
  CP_FAKE_RPC(ModifyCluster)
  CP_FAKE_RPC(ListClusterRevisions)
  CP_FAKE_RPC(RollbackCluster)
  CP_FAKE_RPC(DeleteCluster)
  CP_FAKE_RPC(SwitchoverCluster)
  CP_FAKE_RPC(RebootCluster)
  CP_FAKE_RPC(UpdateNodes)
  CP_FAKE_RPC(StopCluster)
  CP_FAKE_RPC(StartCluster)
  CP_FAKE_RPC(TestFailover)
  Dispatcher dispatch;
};

struct FakeOperations final : v1::OperationService::Service {
  CP_FAKE_RPC(GetOperation)
  CP_FAKE_RPC(ListOperations)
  CP_FAKE_RPC(WaitOperation)
  CP_FAKE_RPC(CancelOperation)
  Dispatcher dispatch;
};

struct FakeNetwork final : v1::NetworkService::Service {
  CP_FAKE_RPC(CreateSubnet)
  CP_FAKE_RPC(GetSubnet)
  CP_FAKE_RPC(ListSubnets)
  CP_FAKE_RPC(DeleteSubnet)
  CP_FAKE_RPC(CreateSubnetGroup)
  CP_FAKE_RPC(GetSubnetGroup)
  CP_FAKE_RPC(ListSubnetGroups)
  CP_FAKE_RPC(ModifySubnetGroup)
  CP_FAKE_RPC(DeleteSubnetGroup)
  CP_FAKE_RPC(CreateSecurityGroup)
  CP_FAKE_RPC(GetSecurityGroup)
  CP_FAKE_RPC(ListSecurityGroups)
  CP_FAKE_RPC(ModifySecurityGroup)
  CP_FAKE_RPC(DeleteSecurityGroup)
  Dispatcher dispatch;
};

struct FakeParameterGroups final : v1::ParameterGroupService::Service {
  CP_FAKE_RPC(CreateParameterGroup)
  CP_FAKE_RPC(CopyParameterGroup)
  CP_FAKE_RPC(ModifyParameterGroup)
  CP_FAKE_RPC(ResetParameterGroup)
  CP_FAKE_RPC(GetParameterGroup)
  CP_FAKE_RPC(ListParameterGroups)
  CP_FAKE_RPC(ListParameters)
  CP_FAKE_RPC(ListEngineDefaultParameters)
  CP_FAKE_RPC(DeleteParameterGroup)
  Dispatcher dispatch;
};

struct FakeCatalog final : v1::CatalogService::Service {
  CP_FAKE_RPC(ListEngineVersions)
  CP_FAKE_RPC(ListNodeTypes)
  Dispatcher dispatch;
};

struct FakeFleet final : v1::FleetService::Service {
  CP_FAKE_RPC(GetAgent)
  CP_FAKE_RPC(ListAgents)
  CP_FAKE_RPC(CordonAgent)
  CP_FAKE_RPC(UncordonAgent)
  CP_FAKE_RPC(DrainAgent)
  CP_FAKE_RPC(ListNodes)
  CP_FAKE_RPC(ListRouters)
  Dispatcher dispatch;
};

struct FakeDrills final : v1::DrillService::Service {
  CP_FAKE_RPC(StartDrill)
  Dispatcher dispatch;
};

struct FakeAccessKeys final : v1::AccessKeyService::Service {
  CP_FAKE_RPC(CreateAccessKey)
  CP_FAKE_RPC(ListAccessKeys)
  CP_FAKE_RPC(DeleteAccessKey)
  Dispatcher dispatch;
};

struct FakeAudit final : v1::AuditService::Service {
  CP_FAKE_RPC(ListAuditRecords)
  Dispatcher dispatch;
};

struct FakeEvents final : v1::EventService::Service {
  CP_FAKE_RPC(ListEvents)
  grpc::Status WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* request,
                           grpc::ServerWriter<v1::WatchEventsResponse>* writer) override {
    const Status status = watch(*request, [writer](const v1::Event& event) {
      v1::WatchEventsResponse response;
      *response.mutable_event() = event;
      return writer->Write(response);
    });
    while (status.ok() && !context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return ToGrpc(status);
  }
  Dispatcher dispatch;
  FakeControlPlane::Watcher watch;
};

}  // namespace

struct FakeControlPlane::Services {
  FakeClusters clusters;
  FakeOperations operations;
  FakeNetwork network;
  FakeParameterGroups parameter_groups;
  FakeCatalog catalog;
  FakeFleet fleet;
  FakeDrills drills;
  FakeEvents events;
  FakeAccessKeys access_keys;
  FakeAudit audit;
  std::unique_ptr<grpc::Server> server;
};

FakeControlPlane::FakeControlPlane() : services_(std::make_unique<Services>()) {
  const Dispatcher dispatch = [this](const auto& request, auto* response) { return Dispatch(request, response); };
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  const auto add = [&](auto& service) {
    service.dispatch = dispatch;
    builder.RegisterService(&service);
  };
  add(services_->clusters);
  add(services_->operations);
  add(services_->network);
  add(services_->parameter_groups);
  add(services_->catalog);
  add(services_->fleet);
  add(services_->drills);
  add(services_->events);
  add(services_->access_keys);
  add(services_->audit);
  services_->events.watch = [this](const v1::WatchEventsRequest& request, const SendEvent& send) {
    Watcher watcher;
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(std::make_unique<v1::WatchEventsRequest>(request));
      watcher = watcher_;
    }
    return watcher ? watcher(request, send) : Status();
  };
  services_->server = builder.BuildAndStart();
  CP_CHECK(services_->server != nullptr && port != 0);
  endpoint_ = "127.0.0.1:" + std::to_string(port);
}

FakeControlPlane::~FakeControlPlane() { services_->server->Shutdown(std::chrono::system_clock::now()); }

void FakeControlPlane::OnWatch(Watcher watcher) {
  const std::lock_guard lock(mutex_);
  watcher_ = std::move(watcher);
}

void FakeControlPlane::SetHandler(const std::string& type, Handler handler) {
  const std::lock_guard lock(mutex_);
  handlers_[type] = std::move(handler);
}

Status FakeControlPlane::Dispatch(const google::protobuf::Message& request, google::protobuf::Message* response) {
  Handler handler;
  {
    const std::lock_guard lock(mutex_);
    asked_.emplace_back(request.New())->CopyFrom(request);
    handler = handlers_[request.GetDescriptor()->full_name()];
  }
  return handler ? handler(request, response) : Status();
}

}  // namespace cacheplane::cli
