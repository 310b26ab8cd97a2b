// A machine: what is on its disk, the processes on it, and its kernel's fence. All of it outlives the agent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controlplane/model/facts.h"
#include "nodeagent/decide/assignment.h"
#include "tests/sim/engine.h"

namespace cacheplane::sim {

class Agent;

// What an agent keeps of one incarnation on disk.
struct Directory {
  model::NodeName node;
  std::uint64_t epoch = 0;
  std::uint64_t boot = 0;
  std::uint64_t clean_stop = 0;
  std::uint64_t starts = 0;
  std::uint64_t renewal = 0;
  std::uint64_t handover_failed = 0;
  std::uint64_t cut_epoch = 0;
  std::uint64_t admitted_epoch = 0;
  Position saved;        // in the newest file with data in it
  std::string saved_id;  // of that file; empty: there is none
  std::int64_t saved_at = 0;
  bool process_noted = false;  // one was started, and its end was not written down
};

struct Host {
  model::Host offer;
  bool up = true;  // the machine
  std::map<std::string, agent::Assignment> assignments;
  std::map<std::string, Directory> disk;
  std::map<std::string, Engine> engines;         // by incarnation
  std::map<model::Address, std::int64_t> fence;  // guarded: nobody is answered from that time on
  bool agent_frozen = false;
  std::vector<std::function<void()>> deferred;  // what a frozen agent does when it wakes
  std::shared_ptr<Agent> agent;                 // null: not running

  std::string name() const { return offer.agent.str(); }
};

}  // namespace cacheplane::sim
