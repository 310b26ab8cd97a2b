#include "nodeagent/decide/liveness.h"

#include <fmt/format.h>

#include <algorithm>

namespace cacheplane::agent {

using std::chrono::milliseconds;

namespace {

int SecondsToTell(milliseconds silence) {
  int told = 1;
  for (const int seconds : {2, 5, 10, 20, 30, 60, 120, 300, 600, 3600}) {
    if (silence >= std::chrono::seconds(seconds)) told = seconds;
  }
  return told;
}

}  // namespace

Liveness Judge(const Silence& silence) {
  if (silence.unanswered.count() == 0 || silence.saving) return Liveness::kWell;
  if (silence.unanswered >= kBusyHungAfter) return Liveness::kHung;
  const milliseconds limit = silence.blocked ? kBlockedHungAfter : kHungAfter;
  if (!silence.loading && silence.idle >= limit) return Liveness::kHung;
  return silence.unanswered >= kBusyWorthTelling ? Liveness::kBusy : Liveness::kWell;
}

std::string Describe(Liveness liveness, const Silence& silence) {
  if (liveness == Liveness::kWell) return "";
  const char* how = liveness == Liveness::kBusy ? "busy" : "hung";
  return fmt::format("{}: no answer for over {} s", how, SecondsToTell(silence.unanswered));
}

void SilenceMeter::Add(milliseconds since_last, const ProcessLook& look) {
  const milliseconds counted = std::clamp(since_last, milliseconds(0), kMostBetweenLooks);
  silence_.unanswered += counted;
  // One that is ready to run and never gets a CPU has its waiting counted only when it does.
  const bool worked = look.state == 'R' || look.cpu - cpu_at_idle_ > kNegligibleCpu;
  if (!looked_ || worked) {
    // The work was done somewhere in the time before this look.
    silence_.idle = milliseconds(0);
    silence_.blocked = false;
    cpu_at_idle_ = look.cpu;
  } else {
    silence_.idle += counted;
  }
  silence_.blocked = silence_.blocked || look.state == 'D';
  looked_ = true;
}

void SilenceMeter::Clear() { *this = {}; }

}  // namespace cacheplane::agent
