// The services of the agent gateway. Only agent_gateway.cc includes this.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <memory>

#include "cacheplane/agent/v1/agent.pb.h"
#include "cacheplane/agent/v1/router.pb.h"
#include "controlplane/agents/session_context.h"

namespace cacheplane::agents {

// The reactor of a new call, which has passed the token check.
grpc::ServerBidiReactor<agent::v1::SessionRequest, agent::v1::SessionResponse>* NewAgentSession(
    std::shared_ptr<SessionContext> context, grpc::CallbackServerContext* call);

grpc::ServerBidiReactor<agent::v1::RouterSessionRequest, agent::v1::RouterSessionResponse>* NewRouterSession(
    std::shared_ptr<SessionContext> context, grpc::CallbackServerContext* call);

// A call that only gets its status.
template <typename Request, typename Response>
class Refusal final : public grpc::ServerBidiReactor<Request, Response> {
 public:
  explicit Refusal(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace cacheplane::agents
