// Who is connected, and the newest state for each: an agent's assignments, everybody's endpoint map. Decisions come in
// through ports::Dispatcher whether or not anybody is connected; a session that opens later gets the newest at once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/agents/assignment_delta.h"
#include "controlplane/agents/messages.h"
#include "controlplane/ports/dispatch.h"
#include "controlplane/ports/drills.h"
#include "controlplane/ports/trials.h"

namespace cacheplane::agents {

// An open stream, as the directory sees it. Calls never block and may come from any thread.
class Link {
 public:
  virtual ~Link() = default;
  // Ends the stream with that error.
  virtual void End(const Error& error) = 0;
};

class AgentLink : public Link {
 public:
  virtual void Offer(std::shared_ptr<const AssignmentTarget> target) = 0;
  // As ports::FaultSender::Send.
  virtual void Order(const ports::Fault& fault, std::function<void(Status)> answered) = 0;
  // As ports::TrialSender::Try.
  virtual void Order(const ports::Trial& trial, std::function<void(Status)> answered) = 0;
};

class RouterLink : public Link {
 public:
  virtual void Offer(std::shared_ptr<const model::EndpointMap> map) = 0;
};

// Thread-safe. Sends only what changed. Revisions start at the wall time in milliseconds, so that they rise across
// restarts of this process.
class SessionDirectory final : public ports::Dispatcher, public ports::FaultSender, public ports::TrialSender {
 public:
  explicit SessionDirectory(const Clock& clock);

  void Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) override;
  // A map whose version is not above the newest is dropped.
  void Publish(const model::EndpointMap& map) override;
  void Send(const model::AgentName& agent, const ports::Fault& fault, std::function<void(Status)> answered) override;
  void Try(const model::AgentName& agent, const ports::Trial& trial, std::function<void(Status)> answered) override;

  // The session of that agent from now on: an older one ends with kAborted. The link is offered the newest target, if
  // there is one yet: an agent is never told an empty set because nothing has been decided so far.
  SessionId Attach(const model::AgentName& agent, std::shared_ptr<AgentLink> link);
  SessionId AttachRouter(const std::string& router, std::shared_ptr<RouterLink> link);

  // Forgets the link if it still is the agent's. The newest state stays.
  void Detach(const model::AgentName& agent, SessionId session);
  void DetachRouter(const std::string& router, SessionId session);

 private:
  struct AgentEntry {
    SessionId session = 0;
    std::shared_ptr<AgentLink> link;
    std::shared_ptr<const AssignmentTarget> target;
  };
  struct RouterEntry {
    SessionId session = 0;
    std::shared_ptr<RouterLink> link;
  };

  // Null when the agent is not connected.
  std::shared_ptr<AgentLink> LinkOf(const model::AgentName& agent);

  std::mutex mutex_;  // never held while a link is called
  std::uint64_t last_revision_;
  SessionId last_session_ = 0;
  std::map<model::AgentName, AgentEntry> agents_;
  std::map<std::string, RouterEntry> routers_;
  std::shared_ptr<const model::EndpointMap> map_;
};

}  // namespace cacheplane::agents
