// Both ends of the sessions: the agents', and the control plane's as controlplane/agents keeps them.
#include "tests/sim/control_plane.h"

namespace cacheplane::sim {

bool ControlPlane::Connected(const std::string& host) {
  const auto found = agents_.find(host);
  return found != agents_.end() && found->second->agent_open;
}

bool ControlPlane::Connect(const std::string& host) {
  if (!up() || !reality_.network.Connects(host, kControlPlane)) return false;
  const auto session = agents_[host] = std::make_shared<Session>(reality_, host, ++last_session_);
  session->heard = reality_.schedule.millis();
  session->Up([this, session, life = life_] {
    if (!up() || life != life_) {
      session->control_plane_open = false;
    }
    Arrive(session, [this, session] { Greet(session); });
  });
  return true;
}

void ControlPlane::Arrive(const std::shared_ptr<Session>& session, const std::function<void()>& function) {
  if (!session->control_plane_open) return End(session);
  In(function);
}

// The registry, then the directory, then the board (controlplane/agents/agent_session.cc).
void ControlPlane::Greet(const std::shared_ptr<Session>& session) {
  Host& host = reality_.HostOf(session->host);
  host.offer.last_heard = reality_.schedule.Now();
  static_cast<void>(store.Write([&](ports::Transaction& tx) -> Status {
    model::Host offer = host.offer;
    if (const auto known = tx.hosts().FindHost(offer.agent)) offer.admission = known->admission;
    tx.hosts().PutHost(offer);
    return {};
  }));
  const auto older = sessions_.find(session->host);
  if (older != sessions_.end()) End(older->second);
  sessions_[session->host] = session;
  model::AgentFacts& facts = facts_.agents[host.offer.agent];
  facts.connected = false;
  Hear(session);
  const auto latest = latest_.find(session->host);
  if (latest != latest_.end()) Offer(session, latest->second);
  AgentChanged(host.offer.agent);
}

bool ControlPlane::Current(const Session& session) const {
  const auto found = sessions_.find(session.host);
  return found != sessions_.end() && found->second->id == session.id;
}

void ControlPlane::Hear(const std::shared_ptr<Session>& session) {
  session->heard = reality_.schedule.millis();
  model::AgentFacts& facts = facts_.agents[model::AgentName(session->host)];
  facts.heard = reality_.schedule.Mono();
  facts.heard_wall = reality_.schedule.Now();
}

void ControlPlane::Report(const std::string& host, const NodeReport& report) {
  const auto session = agents_[host];
  session->Up([this, session, report] {
    Arrive(session, [&] {
      if (!Current(*session)) return End(session);
      Hear(session);
      model::AgentFacts& facts = facts_.agents[model::AgentName(session->host)];
      const bool news = !facts.connected || model::IsNews(*facts.nodes, report);
      facts.connected = true;
      facts.nodes = Shared(report);
      if (news) AgentChanged(model::AgentName(session->host));
    });
  });
}

void ControlPlane::Ask(const std::string& host, std::uint64_t sequence) {
  const auto session = agents_[host];
  session->asked.push_back(sequence);
  session->Up([this, session, sequence] {
    session->asked.pop_front();
    Arrive(session, [&] {
      if (!Current(*session)) return End(session);
      Hear(session);
      session->lease_sequence = sequence;
      session->lease_asked = reality_.schedule.Mono();
      ToAgent(session, [grant = GrantFor(*session)](Agent& agent) { agent.Take(grant); });
    });
  });
}

// A session's thread does not wait for the reconciler's transaction.
void ControlPlane::RenewMeanwhile() {
  for (const auto& [host, session] : sessions_) {
    const bool due = !session->asked.empty() && reality_.network.Passes(host, kControlPlane);
    if (!due || !reality_.schedule.Chance(0.3)) continue;
    session->lease_sequence = session->asked.back();
    session->lease_asked = reality_.schedule.Mono();
    ToAgent(session, [grant = GrantFor(*session)](Agent& agent) { agent.Take(grant); });
  }
}

// To those that take writes by what the agent was sent.
agent::LeaseGrant ControlPlane::GrantFor(const Session& session) {
  agent::LeaseGrant grant;
  grant.sequence = session.lease_sequence;
  grant.duration = agents::kLeaseDuration;
  for (const model::Assignment& assignment : session.sent) {
    const bool takes_writes = assignment.intent != model::Intent::kErase && (assignment.leased || assignment.hand_over);
    if (!takes_writes || !leases_->Grant(assignment.incarnation, assignment.epoch, session.lease_asked)) continue;
    grant.nodes.push_back({assignment.incarnation.str(), assignment.epoch.value});
  }
  return grant;
}

void ControlPlane::Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) {
  latest_[agent.str()] = assignments;
  const auto found = sessions_.find(agent.str());
  if (found != sessions_.end()) Offer(found->second, assignments);
}

void ControlPlane::Offer(const std::shared_ptr<Session>& session, const std::vector<model::Assignment>& assignments) {
  session->sent = assignments;
  std::optional<agent::LeaseGrant> grant;
  if (session->lease_sequence != 0) grant = GrantFor(*session);
  const int copies = reality_.schedule.Chance(reality_.repeat) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    ToAgent(session, [this, assignments, grant](Agent& agent) {
      for (const model::Assignment& assignment : assignments) {
        reality_.schedule.Trace("assigned " + assignment.node.str() + " epoch " +
                                std::to_string(assignment.epoch.value) + (assignment.hand_over ? " hand over" : "") +
                                (assignment.role == model::Role::kPrimary ? " primary" : ""));
      }
      if (grant) agent.Take(*grant);
      agent.Take(assignments);
    });
  }
}

void ControlPlane::ToAgent(const std::shared_ptr<Session>& session, std::function<void(Agent&)> function) {
  session->Down([this, session, function = std::move(function)] {
    Host& host = reality_.HostOf(session->host);
    const auto take = [&host, session, function] {
      if (session->agent_open && host.agent) function(*host.agent);
    };
    host.agent_frozen ? host.deferred.push_back(take) : take();
  });
}

// The board keeps the facts, with their time.
void ControlPlane::Leave(const std::shared_ptr<Session>& session) {
  if (!Current(*session)) return;
  reality_.schedule.Trace("session lost " + session->host);
  sessions_.erase(session->host);
  facts_.agents[model::AgentName(session->host)].connected = false;
  AgentChanged(model::AgentName(session->host));
}

// From this side: the agent hears of it when the news gets there.
void ControlPlane::End(const std::shared_ptr<Session>& session) {
  session->control_plane_open = false;
  if (!session->agent_open) return;
  session->Down([this, session] {
    Host& host = reality_.HostOf(session->host);
    const auto close = [session] { session->agent_open = false; };
    host.agent_frozen ? host.deferred.push_back(close) : close();
  });
}

void ControlPlane::AgentGone(const std::string& host, bool noticed) {
  const auto found = agents_.find(host);
  if (found == agents_.end() || !found->second->agent_open) return;
  const std::shared_ptr<Session> session = found->second;
  session->agent_open = false;
  if (!noticed) return;
  session->Up([this, session] {
    session->control_plane_open = false;
    In([&] { Leave(session); });
  });
}

void ControlPlane::BreakSession(const std::string& host) {
  const auto found = agents_.find(host);
  if (found == agents_.end()) return;
  found->second->agent_open = found->second->control_plane_open = false;
  In([&] { Leave(found->second); });
}

}  // namespace cacheplane::sim
