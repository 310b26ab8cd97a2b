// Hosts of the simulation: an agent that may die, the disk it keeps, and engines that outlive it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controlplane/model/assignment.h"
#include "controlplane/model/facts.h"
#include "tests/sim/schedule.h"

namespace cacheplane::sim {

// An engine process and, as `data`, the number of writes it holds.
struct Engine {
  model::NodeName node;
  model::Address address;
  bool running = false;
  bool open = false;  // for writes, as primary
  model::Epoch epoch;
  std::optional<model::Address> follows;
  bool link_up = false;
  std::int64_t data = 0;
  std::string exit_reason;
};

// What an agent keeps of one incarnation on disk.
struct Directory {
  model::NodeName node;
  model::Epoch epoch;
  model::Boot boot;
  model::Epoch clean_stop;
  std::int64_t saved = 0;  // writes in the file of the last clean stop
  std::uint64_t starts = 0;
};

struct Host {
  model::Host offer;
  bool agent_up = true;
  std::uint64_t session = 0;      // 0: not connected
  std::int64_t wire_free_at = 0;  // messages of a session arrive in order
  std::vector<model::Assignment> assignments;
  std::map<model::Incarnation, Directory> disk;
  std::map<model::Incarnation, Engine> engines;
};

// Carries out one assignment, as nodeagent/ does: at most one action a call. Says whether it did something.
bool CarryOut(Host& host, const model::Assignment& assignment);

// All engines of all hosts follow whom they follow. `wiped` is called when a follower with more data than its primary
// takes over the primary's: the catastrophe that must not happen.
void Replicate(std::map<std::string, Host>& hosts,
               const std::function<void(const Engine& from, const Engine& to)>& wiped);

// What the agent would report.
std::map<model::Incarnation, model::NodeFacts> FactsOf(const Host& host, const std::map<std::string, Host>& hosts);

// The process ends at once; with `save`, cleanly and with its data on disk, as deploy/down does it.
void Kill(Host& host, const model::Incarnation& incarnation, bool save);

}  // namespace cacheplane::sim
