#include "controlplane/api/api_server.h"

#include <fmt/format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>

#include "controlplane/api/adapters.h"
#include "controlplane/api/audit_interceptor.h"

namespace cacheplane::api {
namespace {

constexpr std::chrono::seconds kTimeToEnd{2};

// Process-wide switches of gRPC, which builders read.
void EnableHealthAndReflection() {
  static const bool kDone = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  static_cast<void>(kDone);
}

}  // namespace

struct ApiServer::Impl {
  explicit Impl(const Services& services) : journal(services.journal), audit_trail(services.audit_trail) {
    adapters.push_back(MakeClusterApi(services.clusters));
    adapters.push_back(MakeNetworkApi(services.networks));
    adapters.push_back(MakeParameterGroupApi(services.parameter_groups));
    adapters.push_back(MakeCatalogApi(services.catalog));
    adapters.push_back(MakeFleetApi(services.fleet));
    adapters.push_back(MakeOperationApi(services.operations, services.journal));
    adapters.push_back(MakeEventApi(services.events, services.journal));
    adapters.push_back(MakeDrillApi(services.drills));
    adapters.push_back(MakeAccessKeyApi(services.access_keys));
    adapters.push_back(MakeAuditApi(services.audit));
  }

  void Listen(const Options& options) {
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(kLargestRequestBytes);
    // Otherwise a second control plane could share the port, and each would see half of the calls.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(), &port);
    for (const auto& adapter : adapters) builder.RegisterService(adapter.get());
    for (grpc::Service* service : options.also) builder.RegisterService(service);
    if (options.configure) options.configure(builder);
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    interceptors.push_back(MakeAuditInterceptor(audit_trail));
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
    server = builder.BuildAndStart();
  }

  JournalHub& journal;
  service::AuditTrail& audit_trail;
  std::vector<std::unique_ptr<grpc::Service>> adapters;
  int port = 0;
  std::unique_ptr<grpc::Server> server;  // destroyed before what it serves
};

ApiServer::ApiServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ApiServer::~ApiServer() { Shutdown(); }

Result<std::unique_ptr<ApiServer>> ApiServer::Start(const Services& services, const Options& options) {
  EnableHealthAndReflection();
  auto impl = std::make_unique<Impl>(services);
  impl->Listen(options);
  if (impl->server == nullptr || impl->port == 0) {
    return Unavailable(fmt::format("cannot listen on {}: is another process there?", options.address));
  }
  return std::unique_ptr<ApiServer>(new ApiServer(std::move(impl)));
}

int ApiServer::port() const { return impl_->port; }

std::shared_ptr<grpc::Channel> ApiServer::InProcessChannel() { return impl_->server->InProcessChannel({}); }

void ApiServer::Shutdown() {
  impl_->journal.Close();
  impl_->server->Shutdown(std::chrono::system_clock::now() + kTimeToEnd);
}

}  // namespace cacheplane::api
