#include "tests/unit/router/control_plane_double.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <mutex>

#include "cacheplane/agent/v1/router.grpc.pb.h"

namespace cacheplane::router {
namespace {

using agent::v1::RouterSessionRequest;
using agent::v1::RouterSessionResponse;
using SessionStream = grpc::ServerReaderWriter<RouterSessionResponse, RouterSessionRequest>;

RouterSessionResponse ToMessage(const network::EndpointMap& map) {
  RouterSessionResponse response;
  response.mutable_map()->set_version(map.version);
  for (const auto& [endpoint, targets] : map.endpoints) {
    auto* entry = response.mutable_map()->add_endpoints();
    entry->set_address(endpoint.address);
    entry->set_port(endpoint.port);
    for (const auto& each : targets) {
      auto* target = entry->add_targets();
      target->set_address(each.address);
      target->set_port(each.port);
    }
    const auto armed = map.armed.find(endpoint);
    if (armed == map.armed.end()) continue;
    entry->mutable_armed()->mutable_target()->set_address(armed->second.target.address);
    entry->mutable_armed()->mutable_target()->set_port(armed->second.target.port);
    entry->mutable_armed()->set_epoch(armed->second.epoch);
  }
  return response;
}

}  // namespace

// One session at a time is all the tests need.
class ControlPlaneDouble::Service final : public agent::v1::RouterService::Service {
 public:
  Service(const std::string& token, int port) : authorization_("Bearer " + token) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(fmt::format("127.0.0.1:{}", port), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  ~Service() override { server_->Shutdown(std::chrono::system_clock::now()); }

  grpc::Status RouterSession(grpc::ServerContext* context, SessionStream* stream) override {
    const auto found = context->client_metadata().find("authorization");
    if (authorization_ != "Bearer " && (found == context->client_metadata().end() || found->second != authorization_)) {
      const std::lock_guard lock(mutex_);
      ++refused;
      return {grpc::StatusCode::UNAUTHENTICATED, "wrong token"};
    }
    Attach(stream);
    for (RouterSessionRequest request; stream->Read(&request);) Note(request);
    Attach(nullptr);
    return grpc::Status::OK;
  }

  void Publish(const network::EndpointMap& map) {
    const std::lock_guard lock(mutex_);
    response_ = ToMessage(map);
    if (stream_ != nullptr) stream_->Write(response_);
  }

  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable reported_;
  RouterFacts facts_;
  std::string name;
  std::string switch_address;
  int reports = 0;
  int refused = 0;

 private:
  void Attach(SessionStream* stream) {
    const std::lock_guard lock(mutex_);
    stream_ = stream;
    if (stream_ != nullptr && response_.has_map()) stream_->Write(response_);
  }

  void Note(const RouterSessionRequest& request) {
    const std::lock_guard lock(mutex_);
    name = request.router();
    switch_address = request.switch_address();
    facts_ = {request.data_path(), request.map_version(), request.problem()};
    ++reports;
    reported_.notify_all();
  }

  const std::string authorization_;
  RouterSessionResponse response_;
  SessionStream* stream_ = nullptr;
  std::unique_ptr<grpc::Server> server_;
};

ControlPlaneDouble::ControlPlaneDouble(std::string token, int port)
    : service_(std::make_unique<Service>(token, port)) {}
ControlPlaneDouble::~ControlPlaneDouble() = default;

int ControlPlaneDouble::port() const { return service_->port_; }
std::string ControlPlaneDouble::address() const { return fmt::format("127.0.0.1:{}", port()); }

void ControlPlaneDouble::Publish(const network::EndpointMap& map) { service_->Publish(map); }

bool ControlPlaneDouble::WaitFor(const std::function<bool(const RouterFacts&)>& condition) {
  std::unique_lock lock(service_->mutex_);
  return service_->reported_.wait_for(lock, std::chrono::seconds(5), [&] { return condition(service_->facts_); });
}

std::string ControlPlaneDouble::RouterName() {
  const std::lock_guard lock(service_->mutex_);
  return service_->name;
}

std::string ControlPlaneDouble::SwitchAddress() {
  const std::lock_guard lock(service_->mutex_);
  return service_->switch_address;
}

int ControlPlaneDouble::Reports() {
  const std::lock_guard lock(service_->mutex_);
  return service_->reports;
}

int ControlPlaneDouble::Refused() {
  const std::lock_guard lock(service_->mutex_);
  return service_->refused;
}

}  // namespace cacheplane::router
