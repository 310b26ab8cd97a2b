// cacheplaned: the control plane. Ends on SIGTERM or SIGINT with status 0; with 1 when it cannot start.
#include <csignal>

#include "common/log.h"
#include "common/precedence.h"
#include "controlplane/app/control_plane.h"
#include "controlplane/app/options.h"

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto options = cacheplane::app::ParseOptions(argc, argv, exit_code);
  if (!options) return exit_code;
  cacheplane::log::Init("cacheplaned", cacheplane::log::ParseLevel(options->log_level));

  cacheplane::TakePrecedence();
  // Blocked before any thread starts, so that only the wait below sees them.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  const auto control_plane = cacheplane::app::ControlPlane::Start(*options);
  if (!control_plane.ok()) {
    cacheplane::log::Error("cannot start: {}", control_plane.error().message);
    return 1;
  }
  cacheplane::log::Info("serving gRPC on port {} and HTTP on port {}", (*control_plane)->grpc_port(),
                        (*control_plane)->http_port());
  int signal = 0;
  sigwait(&ending, &signal);
  cacheplane::log::Info("ending on signal {}", signal);
  return 0;
}
