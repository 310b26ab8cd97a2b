// A real server with the agent gateway, and clients that play agents and routers against it.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cacheplane/agent/v1/agent.grpc.pb.h"
#include "cacheplane/agent/v1/router.grpc.pb.h"
#include "controlplane/agents/agent_gateway.h"
#include "tests/support/memory_store.h"
#include "tests/unit/agents/fakes.h"

namespace cacheplane::test {

inline bool Eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

// The dialling side of one stream. `open` starts the call on the context it is given.
template <typename Request, typename Response>
class Peer {
 public:
  using Stream = grpc::ClientReaderWriter<Request, Response>;

  Peer(const std::string& authorization, const std::function<std::unique_ptr<Stream>(grpc::ClientContext*)>& open) {
    if (!authorization.empty()) context_.AddMetadata("authorization", authorization);
    stream_ = open(&context_);
  }
  ~Peer() {
    context_.TryCancel();
    if (!reader_.joinable()) StartReading();
    reader_.join();
  }

  bool Send(const Request& request) { return stream_->Write(request); }
  void HangUp() { stream_->WritesDone(); }
  void Vanish() { context_.TryCancel(); }

  void StartReading() {
    reader_ = std::thread([this] {
      Response response;
      while (stream_->Read(&response)) {
        std::scoped_lock lock(mutex_);
        received_.push_back(response);
      }
      const grpc::Status status = stream_->Finish();
      std::scoped_lock lock(mutex_);
      status_ = status;
      ended_ = true;
    });
  }

  std::vector<Response> Received() {
    std::scoped_lock lock(mutex_);
    return received_;
  }
  bool Ended() {
    std::scoped_lock lock(mutex_);
    return ended_;
  }
  // Waits for the session's end.
  grpc::Status End() {
    EXPECT_TRUE(Eventually([this] { return Ended(); }));
    std::scoped_lock lock(mutex_);
    return status_;
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<Stream> stream_;
  std::thread reader_;
  std::mutex mutex_;
  std::vector<Response> received_;
  grpc::Status status_;
  bool ended_ = false;
};

using AgentPeer = Peer<agent::v1::SessionRequest, agent::v1::SessionResponse>;
using RouterPeer = Peer<agent::v1::RouterSessionRequest, agent::v1::RouterSessionResponse>;

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    grpc::ServerBuilder builder;
    agents::AgentGateway::ConfigureKeepalive(builder);
    int port = 0;
    builder.AddListeningPort("127.25.0.3:0", grpc::InsecureServerCredentials(), &port);
    for (grpc::Service* service : gateway_->services()) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    const auto channel = grpc::CreateChannel("127.25.0.3:" + std::to_string(port), grpc::InsecureChannelCredentials());
    agent_stub_ = agent::v1::AgentService::NewStub(channel);
    router_stub_ = agent::v1::RouterService::NewStub(channel);
  }
  ~SessionTest() override {
    gateway_->Shutdown();
    server_->Shutdown();
  }

  static agents::AgentGateway::Options GatewayOptions() {
    agents::AgentGateway::Options options;
    options.join_token = "the-token";
    options.tick = std::chrono::milliseconds(5);
    return options;
  }

  std::unique_ptr<AgentPeer> DialUnread(const std::string& authorization = "Bearer the-token") {
    return std::make_unique<AgentPeer>(authorization,
                                       [this](grpc::ClientContext* context) { return agent_stub_->Session(context); });
  }
  std::unique_ptr<AgentPeer> Dial(const std::string& authorization = "Bearer the-token") {
    auto peer = DialUnread(authorization);
    peer->StartReading();
    return peer;
  }
  std::unique_ptr<RouterPeer> DialRouter(const std::string& authorization = "Bearer the-token") {
    auto peer = std::make_unique<RouterPeer>(
        authorization, [this](grpc::ClientContext* context) { return router_stub_->RouterSession(context); });
    peer->StartReading();
    return peer;
  }
  // An agent that has said hello and sent its first whole report.
  std::unique_ptr<AgentPeer> Join(const std::string& agent = "a1", const std::string& zone = "us-east-1a") {
    auto peer = Dial();
    EXPECT_TRUE(peer->Send(Hello(agent, zone)));
    EXPECT_TRUE(peer->Send(Heartbeat()));
    EXPECT_TRUE(Eventually([&] { return Connected(agent); }));
    return peer;
  }

  static agent::v1::SessionRequest Hello(const std::string& agent, const std::string& zone = "us-east-1a") {
    agent::v1::SessionRequest request;
    request.mutable_hello()->set_agent(agent);
    request.mutable_hello()->set_zone(zone);
    request.mutable_hello()->set_memory_bytes(1 << 30);
    return request;
  }
  static agent::v1::SessionRequest Heartbeat(std::uint64_t revision = 0, bool needs_whole_set = false) {
    agent::v1::SessionRequest request;
    request.mutable_facts()->set_whole(true);
    request.mutable_facts()->set_revision(revision);
    request.mutable_facts()->set_needs_whole_set(needs_whole_set);
    return request;
  }

  bool Connected(const std::string& agent) {
    const auto snapshot = board_.Snapshot();
    const auto found = snapshot.agents.find(model::AgentName(agent));
    return found != snapshot.agents.end() && found->second.connected;
  }
  std::optional<model::Host> StoredHost(const std::string& agent) {
    std::optional<model::Host> host;
    store_.Read([&](ports::Transaction& tx) { host = tx.hosts().FindHost(model::AgentName(agent)); });
    return host;
  }

  ManualClock clock_;
  MemoryStore store_;
  CountingSignal signal_;
  agents::FactBoard board_{clock_};
  agents::SessionDirectory directory_{clock_};
  agents::LeaseBook leases_{clock_};
  std::unique_ptr<agents::AgentGateway> gateway_ = std::make_unique<agents::AgentGateway>(
      agents::AgentGateway::Deps{clock_, store_, board_, directory_, leases_, signal_}, GatewayOptions());
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<agent::v1::AgentService::Stub> agent_stub_;
  std::unique_ptr<agent::v1::RouterService::Stub> router_stub_;
};

}  // namespace cacheplane::test
