// A control plane that a test plays: it hands out assignments and keeps the latest facts.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cacheplane/agent/v1/agent.grpc.pb.h"

namespace cacheplane::agent {

class FakeControlPlane final : public v1::AgentService::Service {
 public:
  struct Seen {
    int sessions = 0;
    bool connected = false;
    std::string token;
    v1::Hello hello;
    std::uint64_t revision = 0;
    bool needs_whole_set = false;
    std::map<std::string, v1::NodeFact> nodes;  // by incarnation
    std::vector<v1::DrillAnswer> drill_answers;
    std::vector<v1::TrialAnswer> trial_answers;
  };

  FakeControlPlane() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeControlPlane() override { server_->Shutdown(std::chrono::system_clock::now()); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Kept, and sent to whoever connects later as well.
  void SendWhole(const v1::AssignmentSet& set) {
    const std::lock_guard lock(mutex_);
    whole_ = set;
    SendLocked(set);
  }
  void SendOnce(const v1::AssignmentSet& set) {
    const std::lock_guard lock(mutex_);
    SendLocked(set);
  }

  void Order(const v1::Drill& drill) {
    const std::lock_guard lock(mutex_);
    v1::SessionResponse response;
    *response.add_drills() = drill;
    if (stream_ != nullptr) stream_->Write(response);
  }

  void Order(const v1::Trial& trial) {
    const std::lock_guard lock(mutex_);
    v1::SessionResponse response;
    *response.add_trials() = trial;
    if (stream_ != nullptr) stream_->Write(response);
  }

  // True as soon as `condition` holds; false when it does not within the time.
  bool Await(const std::function<bool(const Seen&)>& condition,
             std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return condition(seen_); });
  }
  Seen Look() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  using Stream = grpc::ServerReaderWriter<v1::SessionResponse, v1::SessionRequest>;

  grpc::Status Session(grpc::ServerContext* context, Stream* stream) override {
    Begin(*context, stream);
    for (v1::SessionRequest request; stream->Read(&request);) Take(request);
    const std::lock_guard lock(mutex_);
    if (stream_ == stream) stream_ = nullptr;
    seen_.connected = stream_ != nullptr;
    changed_.notify_all();
    return grpc::Status::OK;
  }

  void Begin(const grpc::ServerContext& context, Stream* stream) {
    const std::lock_guard lock(mutex_);
    const auto token = context.client_metadata().find("authorization");
    if (token != context.client_metadata().end()) seen_.token = {token->second.data(), token->second.size()};
    seen_.sessions += 1;
    seen_.connected = true;
    seen_.nodes.clear();
    stream_ = stream;
    if (whole_.revision() != 0) SendLocked(whole_);
  }

  void Take(const v1::SessionRequest& request) {
    const std::lock_guard lock(mutex_);
    if (request.has_hello()) seen_.hello = request.hello();
    if (request.has_drill_answer()) seen_.drill_answers.push_back(request.drill_answer());
    if (request.has_trial_answer()) seen_.trial_answers.push_back(request.trial_answer());
    if (request.has_facts()) {
      const v1::Facts& facts = request.facts();
      if (facts.whole()) seen_.nodes.clear();
      for (const v1::NodeFact& node : facts.nodes()) seen_.nodes[node.incarnation()] = node;
      seen_.revision = facts.revision();
      seen_.needs_whole_set = facts.needs_whole_set();
    }
    changed_.notify_all();
  }

  void SendLocked(const v1::AssignmentSet& set) {
    v1::SessionResponse response;
    *response.mutable_assignments() = set;
    if (stream_ != nullptr) stream_->Write(response);
  }

  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;
  v1::AssignmentSet whole_;
  Stream* stream_ = nullptr;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace cacheplane::agent
