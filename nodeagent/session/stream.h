// One gRPC call of the session. Included by session.cc alone.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "cacheplane/agent/v1/agent.grpc.pb.h"
#include "nodeagent/session/loop_door.h"

namespace cacheplane::agent {

// Owns itself: gRPC may use it until OnDone, which destroys it. The loop holds it open (AddHold) until Finish, so that
// a write from the loop never meets a call that is gone.
class Stream final : public grpc::ClientBidiReactor<v1::SessionRequest, v1::SessionResponse> {
 public:
  // Called on the loop's thread.
  struct Handlers {
    std::function<void()> written;
    std::function<void(const v1::SessionResponse&)> received;
    std::function<void()> broken;  // no more reads or writes: call Finish
    std::function<void(const grpc::Status&)> done;
  };

  Stream(v1::AgentService::Stub& stub, const std::string& token, LoopDoor loop, std::shared_ptr<Handlers> handlers);

  // Loop's thread; one at a time, the next after `written`.
  void Write(v1::SessionRequest message);
  // Loop's thread; once. Cancels what is under way; `done` follows.
  void Finish();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  grpc::ClientContext context_;
  LoopDoor loop_;
  std::shared_ptr<Handlers> handlers_;
  v1::SessionRequest request_;
  v1::SessionResponse response_;
};

}  // namespace cacheplane::agent
