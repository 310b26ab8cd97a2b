// The board of facts: what every agent and router last said, and when. Sessions write it; reconcile/ and service/ read
// copies. It holds no verdicts: whether a silent agent is lost is decided elsewhere, from the time it was last heard.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/agents/messages.h"
#include "controlplane/ports/facts.h"

namespace cacheplane::agents {

// Thread-safe. Every write names its session; what comes from an older session than the newest known is dropped, so a
// late message can never overwrite a newer one.
class FactBoard final : public ports::FactSource {
 public:
  // Listening begins now. `clock` must outlive the board.
  explicit FactBoard(const Clock& clock);

  // A session of the agent began. The agent counts as connected from its first whole report: before that nobody knows
  // what it runs, and its last facts (of an earlier session) stay as they are.
  void Greet(const model::AgentName& agent, SessionId session);

  // A whole report replaces the agent's nodes; a partial one replaces the nodes it names. Says whether there is
  // news (model::IsNews); what is none is kept, too. kInvalidArgument when the agent would have more than
  // kMaxNodesPerAgent nodes.
  Result<bool> Report(const model::AgentName& agent, SessionId session, const AgentReport& report);

  // It is alive, and had nothing to report.
  void Hear(const model::AgentName& agent, SessionId session);

  // The session ended: the last facts stay, with connected = false. Says whether that changed anything.
  bool Leave(const model::AgentName& agent, SessionId session);

  // The same for routers; `facts.connected` and `facts.heard_wall` are set here.
  bool ReportRouter(model::RouterFacts facts, SessionId session);
  bool LeaveRouter(const std::string& router, SessionId session);

  ports::FactSnapshot Snapshot() const override;
  std::vector<model::AgentName> Silent(MonoTime since) const override;

  // When each connected agent was last heard.
  std::map<model::AgentName, WallTime> HeardTimes() const;

 private:
  struct AgentEntry {
    SessionId session = 0;
    model::AgentFacts facts;
  };
  struct RouterEntry {
    SessionId session = 0;
    model::RouterFacts facts;
  };

  void Touch(AgentEntry& entry) const;

  const Clock& clock_;
  const MonoTime listening_since_;
  mutable std::mutex mutex_;
  std::map<model::AgentName, AgentEntry> agents_;
  std::map<std::string, RouterEntry> routers_;
};

}  // namespace cacheplane::agents
