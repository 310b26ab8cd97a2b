#include "tests/sim/faults.h"

namespace cacheplane::sim {
namespace {

double Sometimes(Schedule& schedule, double rate) {
  if (schedule.Chance(0.6)) return 0;
  return rate * static_cast<double>(schedule.Between(2, 10)) / 10;
}

}  // namespace

Faults Faults::Draw(Schedule& schedule) {
  Faults faults;
  faults.commit_death = Sometimes(schedule, 0.02);
  faults.control_plane_death = Sometimes(schedule, 0.1);
  faults.control_plane_down = schedule.Chance(0.3) ? 8000 : 1500;
  faults.agent_death = Sometimes(schedule, 0.15);
  faults.agent_down = schedule.Chance(0.3) ? 5000 : 800;
  faults.agent_freeze = Sometimes(schedule, 0.1);
  faults.engine_death = Sometimes(schedule, 0.15);
  faults.engine_freeze = Sometimes(schedule, 0.1);
  faults.engine_hang = Sometimes(schedule, 0.05);
  faults.session_loss = Sometimes(schedule, 0.3);
  faults.router_death = Sometimes(schedule, 0.2);
  faults.disk_loss = Sometimes(schedule, 0.05);
  faults.save = Sometimes(schedule, 0.3);
  faults.total_loss = Sometimes(schedule, 0.15);
  faults.host_loss = Sometimes(schedule, 0.05);
  faults.cut_from_control_plane = Sometimes(schedule, 0.15);
  faults.cut_between_hosts = Sometimes(schedule, 0.15);
  faults.repeat = Sometimes(schedule, 0.2);
  faults.requests = schedule.Chance(0.6) ? static_cast<double>(schedule.Between(1, 10)) / 10 : 0;
  if (schedule.Chance(0.2)) {
    faults.newest = schedule.Chance(0.5) ? Reality::Illness::kEnds : Reality::Illness::kHangs;
  }
  faults.slowest = schedule.Chance(0.2) ? 3000 : schedule.Chance(0.25) ? 1500 : 20;
  return faults;
}

Faults Faults::DrawHarmless(Schedule& schedule) {
  Faults faults;
  faults.commit_death = Sometimes(schedule, 0.01);
  faults.control_plane_death = Sometimes(schedule, 0.1);
  faults.control_plane_down = 5000;
  faults.agent_death = Sometimes(schedule, 0.05);
  faults.agent_down = 300;
  faults.session_loss = Sometimes(schedule, 0.1);
  faults.router_death = Sometimes(schedule, 0.2);
  faults.repeat = Sometimes(schedule, 0.2);
  faults.slowest = schedule.Chance(0.5) ? 100 : 20;
  return faults;
}

}  // namespace cacheplane::sim
