#include "controlplane/agents/agent_gateway.h"

#include <grpcpp/grpcpp.h>

#include <string_view>
#include <utility>

#include "cacheplane/agent/v1/agent.grpc.pb.h"
#include "cacheplane/agent/v1/router.grpc.pb.h"
#include "common/log.h"
#include "controlplane/agents/grpc_status.h"
#include "controlplane/agents/sessions.h"

namespace cacheplane::agents {
namespace {

constexpr std::chrono::seconds kShutdownPatience{2};

Status CheckToken(const JoinToken& token, const grpc::CallbackServerContext& call) {
  const auto& metadata = call.client_metadata();
  const auto found = metadata.find("authorization");
  const Status checked = token.Check(
      found == metadata.end() ? std::string_view() : std::string_view(found->second.data(), found->second.size()));
  if (!checked.ok()) log::Warn("session from {} refused: {}", call.peer(), checked.error().message);
  return checked;
}

template <typename Request, typename Response, typename Factory>
grpc::ServerBidiReactor<Request, Response>* Open(const std::shared_ptr<SessionContext>& context,
                                                 grpc::CallbackServerContext* call, Factory factory) {
  const Status checked = CheckToken(context->token, *call);
  if (!checked.ok()) return new Refusal<Request, Response>(ToGrpcStatus(checked.error()));
  if (auto* session = factory(context, call); session != nullptr) return session;
  return new Refusal<Request, Response>(ToGrpcStatus(Unavailable("the control plane is shutting down")));
}

class AgentServiceImpl final : public agent::v1::AgentService::CallbackService {
 public:
  explicit AgentServiceImpl(std::shared_ptr<SessionContext> context) : context_(std::move(context)) {}
  grpc::ServerBidiReactor<agent::v1::SessionRequest, agent::v1::SessionResponse>* Session(
      grpc::CallbackServerContext* call) override {
    return Open<agent::v1::SessionRequest, agent::v1::SessionResponse>(context_, call, NewAgentSession);
  }

 private:
  const std::shared_ptr<SessionContext> context_;
};

class RouterServiceImpl final : public agent::v1::RouterService::CallbackService {
 public:
  explicit RouterServiceImpl(std::shared_ptr<SessionContext> context) : context_(std::move(context)) {}
  grpc::ServerBidiReactor<agent::v1::RouterSessionRequest, agent::v1::RouterSessionResponse>* RouterSession(
      grpc::CallbackServerContext* call) override {
    return Open<agent::v1::RouterSessionRequest, agent::v1::RouterSessionResponse>(context_, call, NewRouterSession);
  }

 private:
  const std::shared_ptr<SessionContext> context_;
};

}  // namespace

struct AgentGateway::Impl {
  Impl(const Deps& deps, const Options& options)
      : context(new SessionContext{deps.clock,
                                   deps.board,
                                   deps.directory,
                                   deps.leases,
                                   deps.signal,
                                   HostRegistry(deps.store, deps.clock, options.store_heard_every),
                                   JoinToken(options.join_token),
                                   options.silence,
                                   {}}),
        agents(context),
        routers(context),
        ticker(options.tick, [shared = context] {
          shared->live.TickAll(shared->clock.Mono());
          shared->registry.KeepHeard(shared->board.HeardTimes());
        }) {}

  std::shared_ptr<SessionContext> context;
  AgentServiceImpl agents;
  RouterServiceImpl routers;
  Ticker ticker;
};

AgentGateway::AgentGateway(const Deps& deps, Options options) : impl_(std::make_unique<Impl>(deps, options)) {}

AgentGateway::~AgentGateway() { Shutdown(); }

std::vector<grpc::Service*> AgentGateway::services() { return {&impl_->agents, &impl_->routers}; }

void AgentGateway::ConfigureKeepalive(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Agents ping as often; more than that counts as abuse.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 1000);
}

void AgentGateway::Shutdown() {
  impl_->context->live.Close(Unavailable("the control plane is shutting down"), kShutdownPatience);
}

}  // namespace cacheplane::agents
