#include "cli/client/control_plane.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <mutex>

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
#include "cli/client/grpc_error.h"

namespace cacheplane::cli {
namespace {

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  // http_proxy is for the web; the control plane is dialled directly.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A control plane that restarts is back within a second; gRPC's own back-off grows to two minutes.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  return grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

struct ControlPlane::Channel {
  explicit Channel(const std::string& endpoint) : channel(OpenChannel(endpoint)) {}

  // Makes `context` the one that Cancel ends. False when it is too late.
  bool Enter(grpc::ClientContext* context) {
    const std::lock_guard lock(mutex);
    current = cancelled ? nullptr : context;
    return !cancelled;
  }

  Status Leave(const grpc::Status& status) {
    const std::lock_guard lock(mutex);
    current = nullptr;
    if (cancelled) return Aborted("interrupted");
    if (status.ok()) return {};
    // Without a connection a deadline means that nobody was reached, not that somebody was slow.
    const bool connected = channel->GetState(false) == GRPC_CHANNEL_READY;
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED && !connected) {
      return Unavailable("no connection to the control plane");
    }
    return FromGrpc(status.error_code(), status.error_message());
  }

  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::ClusterService::Stub> cluster = v1::ClusterService::NewStub(channel);
  std::unique_ptr<v1::OperationService::Stub> operation = v1::OperationService::NewStub(channel);
  std::unique_ptr<v1::NetworkService::Stub> network = v1::NetworkService::NewStub(channel);
  std::unique_ptr<v1::ParameterGroupService::Stub> parameters = v1::ParameterGroupService::NewStub(channel);
  std::unique_ptr<v1::CatalogService::Stub> catalog = v1::CatalogService::NewStub(channel);
  std::unique_ptr<v1::FleetService::Stub> fleet = v1::FleetService::NewStub(channel);
  std::unique_ptr<v1::DrillService::Stub> drill = v1::DrillService::NewStub(channel);
  std::unique_ptr<v1::EventService::Stub> event = v1::EventService::NewStub(channel);
  std::unique_ptr<v1::AuditService::Stub> audit = v1::AuditService::NewStub(channel);
  std::unique_ptr<v1::AccessKeyService::Stub> access_key = v1::AccessKeyService::NewStub(channel);

  std::mutex mutex;
  std::condition_variable wake;
  grpc::ClientContext* current = nullptr;
  bool cancelled = false;
};

ControlPlane::ControlPlane(std::string endpoint)
    : endpoint_(std::move(endpoint)), channel_(std::make_unique<Channel>(endpoint_)) {}

ControlPlane::~ControlPlane() = default;

void ControlPlane::Cancel() {
  const std::lock_guard lock(channel_->mutex);
  channel_->cancelled = true;
  if (channel_->current != nullptr) channel_->current->TryCancel();
  channel_->wake.notify_all();
}

bool ControlPlane::cancelled() const {
  const std::lock_guard lock(channel_->mutex);
  return channel_->cancelled;
}

void ControlPlane::Pause(std::chrono::milliseconds duration) {
  std::unique_lock lock(channel_->mutex);
  channel_->wake.wait_for(lock, duration, [this] { return channel_->cancelled; });
}

Status ControlPlane::WatchEvents(const v1::WatchEventsRequest& request,
                                 const std::function<void(const v1::Event&)>& on_event) {
  grpc::ClientContext context;
  if (!channel_->Enter(&context)) return Aborted("interrupted");
  const auto reader = channel_->event->WatchEvents(&context, request);
  v1::WatchEventsResponse response;
  while (reader->Read(&response)) on_event(response.event());
  CP_RETURN_IF_ERROR(channel_->Leave(reader->Finish()));
  return Unavailable("the control plane ended the stream");
}

// One line per method: an overload that picks the stub by the request's type, and the instantiation of Call.
#define CP_EVERY_RPC(RPC)                      \
  RPC(cluster, CreateCluster)                  \
  RPC(cluster, GetCluster)                     \
  RPC(cluster, ListClusters)                   \
  RPC(cluster, ModifyCluster)                  \
  RPC(cluster, ListClusterRevisions)           \
  RPC(cluster, RollbackCluster)                \
  RPC(cluster, DeleteCluster)                  \
  RPC(cluster, SwitchoverCluster)              \
  RPC(cluster, RebootCluster)                  \
  RPC(cluster, UpdateNodes)                    \
  RPC(cluster, StopCluster)                    \
  RPC(cluster, StartCluster)                   \
  RPC(cluster, TestFailover)                   \
  RPC(operation, GetOperation)                 \
  RPC(operation, ListOperations)               \
  RPC(operation, WaitOperation)                \
  RPC(operation, CancelOperation)              \
  RPC(network, CreateSubnet)                   \
  RPC(network, GetSubnet)                      \
  RPC(network, ListSubnets)                    \
  RPC(network, DeleteSubnet)                   \
  RPC(network, CreateSubnetGroup)              \
  RPC(network, GetSubnetGroup)                 \
  RPC(network, ListSubnetGroups)               \
  RPC(network, ModifySubnetGroup)              \
  RPC(network, DeleteSubnetGroup)              \
  RPC(network, CreateSecurityGroup)            \
  RPC(network, GetSecurityGroup)               \
  RPC(network, ListSecurityGroups)             \
  RPC(network, ModifySecurityGroup)            \
  RPC(network, DeleteSecurityGroup)            \
  RPC(parameters, CreateParameterGroup)        \
  RPC(parameters, CopyParameterGroup)          \
  RPC(parameters, ModifyParameterGroup)        \
  RPC(parameters, ResetParameterGroup)         \
  RPC(parameters, GetParameterGroup)           \
  RPC(parameters, ListParameterGroups)         \
  RPC(parameters, ListParameters)              \
  RPC(parameters, ListEngineDefaultParameters) \
  RPC(parameters, DeleteParameterGroup)        \
  RPC(catalog, ListEngineVersions)             \
  RPC(catalog, ListNodeTypes)                  \
  RPC(fleet, GetAgent)                         \
  RPC(fleet, ListAgents)                       \
  RPC(fleet, CordonAgent)                      \
  RPC(fleet, UncordonAgent)                    \
  RPC(fleet, DrainAgent)                       \
  RPC(fleet, ListNodes)                        \
  RPC(fleet, ListRouters)                      \
  RPC(drill, StartDrill)                       \
  RPC(event, ListEvents)                       \
  RPC(access_key, CreateAccessKey)             \
  RPC(access_key, ListAccessKeys)              \
  RPC(access_key, DeleteAccessKey)             \
  RPC(audit, ListAuditRecords)

#define CP_INVOKE(service, Name)                                                                        \
  template <typename Channel>                                                                           \
  grpc::Status Invoke(Channel& channel, grpc::ClientContext* context, const v1::Name##Request& request, \
                      v1::Name##Response* response) {                                                   \
    return channel.service->Name(context, request, response);                                           \
  }
CP_EVERY_RPC(CP_INVOKE)

template <typename Request, typename Response>
Status ControlPlane::Call(const Request& request, Response* response, std::chrono::milliseconds deadline) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  if (!channel_->Enter(&context)) return Aborted("interrupted");
  return channel_->Leave(Invoke(*channel_, &context, request, response));
}

#define CP_INSTANTIATE(service, Name) \
  template Status ControlPlane::Call(const v1::Name##Request&, v1::Name##Response*, std::chrono::milliseconds);
CP_EVERY_RPC(CP_INSTANTIATE)

}  // namespace cacheplane::cli
