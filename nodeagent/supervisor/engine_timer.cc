#include "nodeagent/supervisor/engine_timer.h"

#include <chrono>
#include <thread>

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAnswerWithin{300};
// Of the usual 10 Hz: a change is heeded when the run that was due before it is over.
constexpr milliseconds kUsualPeriod{100};
// As long as a run may take to come when it was not hurried.
constexpr milliseconds kLinkWithin = kUsualPeriod;

Status SetTimer(EngineLink& engine, const char* hz, const char* adapts_to_clients) {
  // With many clients it would double the hz until no run need include the look.
  CP_RETURN_IF_ERROR(engine.Tell({"CONFIG", "SET", "dynamic-hz", adapts_to_clients}, kAnswerWithin));
  return engine.Tell({"CONFIG", "SET", "hz", hz}, kAnswerWithin);
}

}  // namespace

Status HurryTimer(EngineLink& engine) {
  CP_RETURN_IF_ERROR(SetTimer(engine, "500", "no"));
  // Nothing that it tells shows that the run is over.
  std::this_thread::sleep_for(kUsualPeriod);
  return {};
}

Status LookForPrimary(EngineLink& engine) { return engine.Tell({"CONFIG", "SET", "hz", "1"}, kAnswerWithin); }

void AwaitLink(EngineLink& engine) {
  const auto deadline = std::chrono::steady_clock::now() + kLinkWithin;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto seen = engine.Replication(kLinkWithin);
    if (seen.ok() && seen->link_up) return;
    std::this_thread::sleep_for(milliseconds(1));
  }
}

Status RestoreTimer(EngineLink& engine) { return SetTimer(engine, "10", "yes"); }

}  // namespace cacheplane::agent
