// The public gRPC API as JSON: a service, a method and a JSON body become a gRPC call, its answer becomes JSON. Driven
// by the descriptors, so that a new rpc needs nothing here.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "controlplane/gateway/http_server.h"

namespace google::protobuf {
class MethodDescriptor;
}
namespace grpc {
class Channel;
}

namespace cacheplane::gateway {

// Thread-safe.
class JsonTranscoder {
 public:
  // `deadline`: for a call; above WaitOperation's longest wait.
  JsonTranscoder(std::shared_ptr<grpc::Channel> channel, std::chrono::milliseconds deadline);
  ~JsonTranscoder();

  // `name` is "<Service>/<Method>", such as "ClusterService/GetCluster".
  bool Knows(std::string_view name) const;

  // Precondition: Knows(name). An empty body counts as {}. Answers once, perhaps on another thread: 200 with the
  // response; 400 for a body that is not the request's JSON (naming the unknown field); 501 for a streaming method;
  // otherwise the call's own error.
  // `peer`: who calls, for the audit log.
  void Call(std::string_view name, const std::string& body, const std::string& peer, HttpReply reply) const;

 private:
  struct Stub;
  std::map<std::string, const google::protobuf::MethodDescriptor*, std::less<>> methods_;
  std::unique_ptr<Stub> stub_;
  std::chrono::milliseconds deadline_;
};

}  // namespace cacheplane::gateway
