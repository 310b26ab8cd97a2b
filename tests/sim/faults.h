// Which faults a run has, and how often, per simulated second; drawn from the seed, so that some runs know only some of
// them (swarm testing).
#pragma once

#include <cstdint>

#include "tests/sim/reality.h"
#include "tests/sim/schedule.h"

namespace cacheplane::sim {

struct Faults {
  double commit_death = 0;  // of the control plane, at each commit
  double control_plane_death = 0;
  std::int64_t control_plane_down = 2000;  // at most
  double agent_death = 0;
  std::int64_t agent_down = 2000;  // at most
  double agent_freeze = 0;
  double engine_death = 0;
  double engine_freeze = 0;
  double engine_hang = 0;
  double session_loss = 0;
  double router_death = 0;
  double disk_loss = 0;
  double save = 0;        // by an engine, to its disk
  double total_loss = 0;  // of every engine and agent at once
  double host_loss = 0;
  double cut_from_control_plane = 0;
  double cut_between_hosts = 0;
  double repeat = 0;          // of a message
  double requests = 0;        // of switchovers and test failovers
  std::int64_t slowest = 20;  // milliseconds a message may take
  Reality::Illness newest = Reality::Illness::kNone;

  static Faults Draw(Schedule& schedule);
  // Those that no client may notice.
  static Faults DrawHarmless(Schedule& schedule);
};

}  // namespace cacheplane::sim
