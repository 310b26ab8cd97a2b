// Engines that there are none of: what agents would report if engines did at once as they are assigned to. No clients,
// no data, no deaths and no handovers; a replica is in sync with its primary as soon as both are there.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cacheplane/agent/v1/agent.pb.h"

namespace cacheplane::bench {

// Of all agents, since replicas are told of their primary only. Thread-safe.
class Engines {
 public:
  // Carries the set out on the agent. Returns the other agents whose facts are others now: those of the primaries.
  std::set<std::string> Carry(const std::string& agent, const agent::v1::AssignmentSet& set);

  // Everything that the agent reports, as its heartbeat; the parts of `changed` if that is asked for, and forgotten
  // then.
  agent::v1::Facts Whole(const std::string& agent);
  agent::v1::Facts Changed(const std::string& agent);

  // One of `parts` shares of all engines got some bytes further in its stream, as each does every ten seconds when
  // nobody writes.
  void Tick(std::uint64_t turn, std::uint64_t parts);

 private:
  struct Host {
    std::uint64_t revision = 0;
    std::map<std::string, agent::v1::NodeFact> nodes;  // by incarnation
    std::set<std::string> changed;                     // incarnations
  };

  void Carry(const std::string& agent, const agent::v1::Assignment& assignment, std::set<std::string>& others);
  void Forget(const std::string& agent, const std::string& incarnation, std::set<std::string>& others);
  void Follow(const agent::v1::Assignment& assignment, std::set<std::string>& others);
  void NoteChange(const std::string& primary_address, std::set<std::string>& others);
  agent::v1::NodeFact Told(const agent::v1::NodeFact& fact) const;
  static agent::v1::Facts HeaderOf(const Host& host);

  std::mutex mutex_;
  std::map<std::string, Host> hosts_;
  std::map<std::string, std::pair<std::string, std::string>> at_;  // "address:port" to agent and incarnation
  std::map<std::string, std::string> address_of_;                  // by incarnation
  std::map<std::string, std::string> follows_;                     // by a replica's address
  std::map<std::string, std::set<std::string>> replicas_of_;       // by the primary's address
};

}  // namespace cacheplane::bench
