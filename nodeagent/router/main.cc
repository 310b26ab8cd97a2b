// cacheplane-router: keeps the endpoints of this host pointing at their engines. See README.md.
#include <pthread.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "common/clock.h"
#include "common/log.h"
#include "common/precedence.h"
#include "nodeagent/network/data_path.h"
#include "nodeagent/network/kernel_path.h"
#include "nodeagent/network/switch_notice.h"
#include "nodeagent/router/router.h"
#include "nodeagent/router/router_session.h"

namespace cacheplane::router {
namespace {

using network::PathChoice;

struct Options {
  SessionOptions session{.router = "router", .control_plane = "127.0.0.1:7070", .token_file = {}};
  std::filesystem::path home;
  PathChoice path = PathChoice::kAuto;
  std::string table = "cacheplane";
  std::string log_level = "info";
  bool remove_table = false;
};

void Declare(CLI::App& app, Options& options) {
  const std::map<std::string, PathChoice> paths = {
      {"auto", PathChoice::kAuto}, {"kernel", PathChoice::kKernel}, {"proxy", PathChoice::kProxy}};
  app.add_option("--name", options.session.router, "This router's name");
  app.add_option("--control-plane", options.session.control_plane, "host:port of the control plane's gRPC listener");
  app.add_option("--token-file", options.session.token_file, "File with the join token");
  app.add_option("--home", options.home, "Directory for the last endpoint map");
  app.add_option("--data-path", options.path, "auto, kernel or proxy")->transform(CLI::CheckedTransformer(paths));
  app.add_option("--table", options.table, "Name of the nftables table of the kernel data path");
  app.add_option("--log-level", options.log_level, "debug, info, warn or error");
  app.add_flag("--remove-table", options.remove_table, "Remove the table and exit");
}

sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// A forwarded connection takes two descriptors, and the usual limit is meant for programs that use select().
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) log::Warn("the limit of open files stays: {}", std::strerror(errno));
}

int Fail(const Error& error) {
  log::Error("{}", error.message);
  return 1;
}

int RemoveTable(const std::string& table) {
  const Status removed = network::RemoveTable(table);
  return removed.ok() ? 0 : Fail(removed.error());
}

int Serve(const Options& options) {
  std::error_code problem;
  std::filesystem::create_directories(options.home, problem);
  if (problem) return Fail(Internal(options.home.string() + ": " + problem.message()));
  auto path = network::OpenDataPath(options.path, options.table);
  if (!path.ok()) return Fail(path.error());
  log::Info("data path: {}", (*path)->Name());

  const SystemClock clock;
  Router router(**path, options.home / "endpoints.json", clock);
  std::thread signals([&router] {
    const sigset_t awaited = EndSignals();
    int signal = 0;
    sigwait(&awaited, &signal);
    log::Info("ending after signal {}", signal);
    router.Stop();
  });
  const auto listener = network::SwitchListener::Open(
      options.session.token_file, [&router](const network::ArmedSwitch& opened) { return router.Switch(opened); });
  if (!listener.ok()) log::Warn("no switch notices are heard: {}", listener.error().message);
  SessionOptions session_options = options.session;
  session_options.switch_port = listener.ok() ? (*listener)->port() : std::uint16_t{0};
  // The first facts come once the map on disk is served: only then is it time to dial.
  std::optional<RouterSession> session;
  const auto offer = [&router](network::EndpointMap map, std::vector<std::string> complaints) {
    router.Offer(std::move(map), std::move(complaints));
  };
  router.Run([&](const RouterFacts& facts) {
    session ? session->Report(facts) : static_cast<void>(session.emplace(session_options, facts, offer));
  });
  signals.join();
  return 0;
}

}  // namespace

int Main(int argc, char** argv) {
  CLI::App app("Keeps this host's endpoints pointing at their engines", "cacheplane-router");
  Options options;
  Declare(app, options);
  CLI11_PARSE(app, argc, argv);
  log::Init("cacheplane-router", log::ParseLevel(options.log_level));
  if (options.remove_table) return RemoveTable(options.table);
  if (options.home.empty()) return Fail(InvalidArgument("--home is required"));
  TakePrecedence();
  RaiseFileLimit();
  // Blocked here, before any thread is there, so that only the waiting thread takes them.
  const sigset_t signals = EndSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return Serve(options);
}

}  // namespace cacheplane::router

int main(int argc, char** argv) { return cacheplane::router::Main(argc, argv); }
