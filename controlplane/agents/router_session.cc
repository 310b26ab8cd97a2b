#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "controlplane/agents/proto_convert.h"
#include "controlplane/agents/sessions.h"
#include "controlplane/agents/stream_session.h"

namespace cacheplane::agents {
namespace {

using Base = StreamSession<agent::v1::RouterSessionRequest, agent::v1::RouterSessionResponse>;

class RouterSession final : public Base, public RouterLink, public std::enable_shared_from_this<RouterSession> {
 public:
  using Base::Base;

  void End(const Error& error) override { Base::End(error); }

  void Offer(std::shared_ptr<const model::EndpointMap> map) override {
    {
      std::scoped_lock lock(mutex_);
      if (newest_ != nullptr && map->version <= newest_->version) return;
      newest_ = std::move(map);
    }
    Flush();
  }

 private:
  Status Receive(const agent::v1::RouterSessionRequest& request) override {
    CP_ASSIGN_OR_RETURN(const model::RouterFacts facts, FromProto(request));
    if (session_ == 0) return Greet(facts);
    if (facts.name != router_) {
      return InvalidArgument(fmt::format("router {} calls itself {} in the same session", router_, facts.name));
    }
    if (context_->board.ReportRouter(facts, session_)) context_->signal.RouterChanged();
    return {};
  }

  Status Greet(const model::RouterFacts& facts) {
    {
      std::scoped_lock lock(mutex_);
      router_ = facts.name;
    }
    const SessionId session = context_->directory.AttachRouter(facts.name, shared_from_this());
    context_->board.ReportRouter(facts, session);
    log::Info("router {} joined: data path {}, map {}", facts.name, facts.data_path, facts.map_version);
    context_->signal.RouterChanged();
    bool left = false;
    {
      std::scoped_lock lock(mutex_);
      session_ = session;
      left = ended();
    }
    if (left) Leave();  // it ended meanwhile, when there was nothing to leave yet
    return {};
  }

  bool Next(agent::v1::RouterSessionResponse* response) override {
    if (newest_ == sent_) return false;
    ToProto(*newest_, response->mutable_map());
    sent_ = newest_;
    return true;
  }

  void Leave() override {
    SessionId session = 0;
    {
      std::scoped_lock lock(mutex_);
      session = session_;
    }
    if (session == 0) return;
    context_->directory.DetachRouter(router_, session);
    if (context_->board.LeaveRouter(router_, session)) context_->signal.RouterChanged();
  }

  std::string Who() const override { return router_.empty() ? "an unnamed router" : fmt::format("router {}", router_); }

  // Written once, by Receive and with the lock held; Receive itself reads without it.
  std::string router_;
  SessionId session_ = 0;  // 0 before the first message
  std::shared_ptr<const model::EndpointMap> newest_;
  std::shared_ptr<const model::EndpointMap> sent_;
};

}  // namespace

grpc::ServerBidiReactor<agent::v1::RouterSessionRequest, agent::v1::RouterSessionResponse>* NewRouterSession(
    std::shared_ptr<SessionContext> context, grpc::CallbackServerContext* call) {
  LiveSessions& live = context->live;
  auto session = std::make_shared<RouterSession>(std::move(context), call);
  if (!live.Add(session)) return nullptr;
  session->StartReading();
  return session.get();
}

}  // namespace cacheplane::agents
