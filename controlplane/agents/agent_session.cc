#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controlplane/agents/assignment_delta.h"
#include "controlplane/agents/orders.h"
#include "controlplane/agents/proto_convert.h"
#include "controlplane/agents/sessions.h"
#include "controlplane/agents/stream_session.h"

namespace cacheplane::agents {
namespace {

using Base = StreamSession<agent::v1::SessionRequest, agent::v1::SessionResponse>;

class AgentSession final : public Base, public AgentLink, public std::enable_shared_from_this<AgentSession> {
 public:
  using Base::Base;

  void End(const Error& error) override { Base::End(error); }

  void Offer(std::shared_ptr<const AssignmentTarget> target) override {
    {
      std::scoped_lock lock(mutex_);
      outbox_.SetTarget(std::move(target));
    }
    Flush();
  }

  void Order(const ports::Fault& fault, std::function<void(Status)> answered) override {
    OrderOnce(drills_, fault, answered);
  }

  void Order(const ports::Trial& trial, std::function<void(Status)> answered) override {
    OrderOnce(trials_, trial, answered);
  }

  void Tick(MonoTime now) override {
    Base::Tick(now);
    std::vector<Answered> overdue;
    {
      std::scoped_lock lock(mutex_);
      overdue = Both(drills_.TakeOverdue(now), trials_.TakeOverdue(now));
    }
    for (const auto& answered : overdue) answered(Unavailable("it did not answer in time"));
  }

 private:
  using Answered = std::function<void(Status)>;

  static std::vector<Answered> Both(std::vector<Answered> some, const std::vector<Answered>& others) {
    some.insert(some.end(), others.begin(), others.end());
    return some;
  }

  template <typename Ordered>
  void OrderOnce(Orders<Ordered>& orders, const Ordered& order, const Answered& answered) {
    bool ended = false;
    {
      std::scoped_lock lock(mutex_);
      ended = left_;
      if (!ended) orders.Add(order, answered, context_->clock.Mono());
    }
    if (ended) return answered(Unavailable("its session ended"));
    Flush();
  }

  Status Receive(const agent::v1::SessionRequest& request) override {
    switch (request.message_case()) {
      case agent::v1::SessionRequest::kHello: return Greet(request.hello());
      case agent::v1::SessionRequest::kFacts: return Hear(request.facts());
      case agent::v1::SessionRequest::kLeaseRequest: return Renew(request.lease_request());
      case agent::v1::SessionRequest::kDrillAnswer: return HearAnswer(drills_, request.drill_answer());
      case agent::v1::SessionRequest::kTrialAnswer: return HearAnswer(trials_, request.trial_answer());
      case agent::v1::SessionRequest::MESSAGE_NOT_SET: break;
    }
    return InvalidArgument("the message is neither hello nor facts nor a lease request nor an answer");
  }

  Status Greet(const agent::v1::Hello& hello) {
    if (session_ != 0) return InvalidArgument("hello came twice");
    CP_ASSIGN_OR_RETURN(const model::Host host, FromProto(hello));
    {
      std::scoped_lock lock(mutex_);
      agent_ = host.agent;
    }
    CP_RETURN_IF_ERROR(context_->registry.Admit(host));
    const SessionId session = context_->directory.Attach(host.agent, shared_from_this());
    context_->board.Greet(host.agent, session);
    log::Info("agent {} in {} joined: {} bytes of memory, {} images, version {}", host.agent, host.zone,
              host.memory_bytes, host.images.size(), host.version);
    context_->signal.AgentChanged(host.agent);
    bool left = false;
    {
      std::scoped_lock lock(mutex_);
      session_ = session;
      left = ended();
    }
    if (left) Leave();  // it ended meanwhile, when there was nothing to leave yet
    return {};
  }

  Status Hear(const agent::v1::Facts& facts) {
    if (session_ == 0) return InvalidArgument("the first message must be hello");
    CP_ASSIGN_OR_RETURN(const AgentReport report, FromProto(facts));
    CP_ASSIGN_OR_RETURN(const bool changed, context_->board.Report(agent_, session_, report));
    {
      std::scoped_lock lock(mutex_);
      outbox_.Heard(report.revision, report.needs_whole_set);
    }
    if (changed) context_->signal.AgentChanged(agent_);
    return {};
  }

  Status Renew(const agent::v1::LeaseRequest& request) {
    if (session_ == 0) return InvalidArgument("the first message must be hello");
    if (request.sequence() == 0) return InvalidArgument("lease_request.sequence 0: it begins at 1");
    context_->board.Hear(agent_, session_);
    std::scoped_lock lock(mutex_);
    lease_sequence_ = request.sequence();
    lease_asked_ = context_->clock.Mono();
    lease_due_ = true;
    return {};
  }

  template <typename Ordered, typename Answer>
  Status HearAnswer(Orders<Ordered>& orders, const Answer& answer) {
    Answered answered;
    {
      std::scoped_lock lock(mutex_);
      answered = orders.Take(answer.id());
    }
    if (answered) answered(FromProto(answer));
    return {};
  }

  bool Next(agent::v1::SessionResponse* response) override {
    response->Clear();
    const std::optional<AssignmentSet> set = outbox_.Next();
    if (set) ToProto(*set, response->mutable_assignments());
    // Who becomes primary by this set is not to ask first: clients wait.
    const bool leases = std::exchange(lease_due_, false) || (set && lease_sequence_ != 0);
    if (leases) Grant(response->mutable_lease());
    for (const DrillOrders::Unsent& order : drills_.TakeUnsent()) {
      agent::v1::Drill* drill = response->add_drills();
      ToProto(order.order, drill);
      drill->set_id(order.id);
    }
    for (const TrialOrders::Unsent& order : trials_.TakeUnsent()) {
      agent::v1::Trial* trial = response->add_trials();
      ToProto(order.order, trial);
      trial->set_id(order.id);
    }
    return set.has_value() || leases || response->drills_size() + response->trials_size() > 0;
  }

  // To those that take writes by what the agent was sent, and to nobody by what it was not sent yet.
  void Grant(agent::v1::LeaseGrant* grant) {
    grant->set_sequence(lease_sequence_);
    grant->set_duration_ms(static_cast<std::uint32_t>(kLeaseDuration.count()));
    if (outbox_.Sent() == nullptr) return;
    for (const model::Assignment& assignment : outbox_.Sent()->assignments) {
      if (!TakesWrites(assignment) || !context_->leases.Grant(assignment.incarnation, assignment.epoch, lease_asked_))
        continue;
      agent::v1::LeasedNode* node = grant->add_nodes();
      node->set_incarnation(assignment.incarnation.str());
      node->set_epoch(assignment.epoch.value);
    }
  }

  // One that is held does until it has saved, and a guard would end it before.
  static bool TakesWrites(const model::Assignment& assignment) {
    return assignment.intent != model::Intent::kErase && (assignment.leased || assignment.hand_over);
  }

  void Leave() override {
    SessionId session = 0;
    std::vector<Answered> unanswered;
    {
      std::scoped_lock lock(mutex_);
      session = session_;
      left_ = true;
      unanswered = Both(drills_.TakeAll(), trials_.TakeAll());
    }
    for (const auto& answered : unanswered) answered(Unavailable("its session ended before it answered"));
    if (session == 0) return;
    context_->directory.Detach(agent_, session);
    if (context_->board.Leave(agent_, session)) context_->signal.AgentChanged(agent_);
  }

  std::string Who() const override { return agent_.empty() ? "an unnamed agent" : fmt::format("agent {}", agent_); }

  // Written once, by Receive and with the lock held; Receive itself reads without it.
  model::AgentName agent_;
  SessionId session_ = 0;  // 0 before hello
  AssignmentStream outbox_;
  DrillOrders drills_{kDrillPatience};
  TrialOrders trials_{kTrialPatience};
  bool left_ = false;                 // no order is taken any more
  std::uint64_t lease_sequence_ = 0;  // of the latest request; 0: none came yet
  MonoTime lease_asked_;              // when it came
  bool lease_due_ = false;            // it is not answered yet
};

}  // namespace

grpc::ServerBidiReactor<agent::v1::SessionRequest, agent::v1::SessionResponse>* NewAgentSession(
    std::shared_ptr<SessionContext> context, grpc::CallbackServerContext* call) {
  LiveSessions& live = context->live;
  auto session = std::make_shared<AgentSession>(std::move(context), call);
  if (!live.Add(session)) return nullptr;
  session->StartReading();
  return session.get();
}

}  // namespace cacheplane::agents
