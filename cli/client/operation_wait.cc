#include "cli/client/operation_wait.h"

#include <algorithm>
#include <optional>

#include "cacheplane/v1/operation.pb.h"
#include "cli/client/control_plane.h"

namespace cacheplane::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetryPause(300);
// The server answers at the end of the rest; this is for the way there and back.
constexpr milliseconds kGrace = std::chrono::seconds(5);

v1::WaitOperationRequest Question(const v1::Operation& operation, milliseconds rest) {
  v1::WaitOperationRequest request;
  request.set_id(operation.id());
  request.set_known_revision(operation.revision());
  request.mutable_timeout()->set_seconds(rest.count() / 1000);
  request.mutable_timeout()->set_nanos(static_cast<int>(rest.count() % 1000) * 1'000'000);
  return request;
}

bool IsOpen(const v1::Operation& operation) {
  return operation.status() == "running" || operation.status() == "queued";
}

// A wait that is late or cut off may be asked again; a refusal may not.
bool MayPass(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kDeadlineExceeded;
}

}  // namespace

WaitOutcome WaitForEnd(ControlPlane& control_plane, const Clock& clock, const WaitRules& rules,
                       const WaitObserver& observer, v1::Operation* operation) {
  const MonoTime give_up = clock.Mono() + rules.timeout;
  MonoTime last_heard = clock.Mono();
  std::optional<Error> trouble;
  observer.on_progress(*operation);
  while (IsOpen(*operation)) {
    if (control_plane.cancelled()) return Interrupted{};
    const milliseconds left = give_up - clock.Mono();
    // Whether it still runs is only known while somebody answers.
    if (left <= milliseconds(0) && trouble) return Lost{*trouble};
    if (left <= milliseconds(0)) return TimedOut{};
    const milliseconds rest = std::min(left, rules.rest);
    v1::WaitOperationResponse response;
    const Status status = control_plane.Call(Question(*operation, rest), &response, rest + kGrace);
    if (status.ok()) {
      last_heard = clock.Mono();
      trouble.reset();
      *operation = std::move(*response.mutable_operation());
      observer.on_progress(*operation);
      continue;
    }
    if (control_plane.cancelled()) return Interrupted{};
    if (!MayPass(status.error()) || clock.Mono() - last_heard > rules.unreachable) return Lost{status.error()};
    trouble = status.error();
    observer.on_unreachable(*trouble);
    control_plane.Pause(kRetryPause);
  }
  return Ended{};
}

}  // namespace cacheplane::cli
