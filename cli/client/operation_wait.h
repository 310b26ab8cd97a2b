// Waiting for the end of an operation, through restarts of the control plane.
#pragma once

#include <chrono>
#include <functional>
#include <variant>

#include "common/clock.h"
#include "common/result.h"

namespace cacheplane::v1 {
class Operation;
}

namespace cacheplane::cli {

class ControlPlane;

struct WaitRules {
  std::chrono::milliseconds timeout = std::chrono::minutes(5);
  // How long one question to the server may rest; a live display wants it short, to show the time passing.
  std::chrono::milliseconds rest = std::chrono::seconds(20);
  // How long the control plane may be unreachable: time enough for a restart.
  std::chrono::milliseconds unreachable = std::chrono::seconds(30);
};

struct WaitObserver {
  std::function<void(const v1::Operation&)> on_progress;
  std::function<void(const Error&)> on_unreachable;
};

struct Ended {};        // succeeded or failed: see the operation
struct TimedOut {};     // still running
struct Interrupted {};  // ControlPlane::Cancel was called
struct Lost {           // the operation can no longer be asked for
  Error error;
};
using WaitOutcome = std::variant<Ended, TimedOut, Interrupted, Lost>;

// `operation` is where to start from and holds the last known state afterwards. The observer hears of it first.
WaitOutcome WaitForEnd(ControlPlane& control_plane, const Clock& clock, const WaitRules& rules,
                       const WaitObserver& observer, v1::Operation* operation);

}  // namespace cacheplane::cli
