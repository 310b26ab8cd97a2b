#include "nodeagent/app/options.h"

#include <CLI/CLI.hpp>
#include <system_error>

#include "cache-engine/images/images.h"
#include "nodeagent/decide/names.h"
#include "nodeagent/supervisor/proc.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

std::string CheckName(const std::string& name) {
  return IsValidName(name) ? "" : "must be made of a-z, 0-9 and -, and begin with none of the last";
}

void Declare(CLI::App& app, Options& options) {
  app.add_option("--name", options.name, "Name of this agent, unique among agents")->check(CheckName);
  app.add_option("--zone", options.zone, "Availability zone of this host, such as us-east-1a")->check(CheckName);
  app.add_option("--control-plane", options.control_plane, "host:port of the control plane")->capture_default_str();
  app.add_option("--token-file", options.token_file, "File with the join token");
  app.add_option("--home", options.home, "This agent's own state directory")->required();
  app.add_option("--images", options.images, "Root of the engine images");
  app.add_option("--cache-engine", options.cache_engine, "The cache-engine program; default: beside this one");
  app.add_option("--guard", options.guard, "The cacheplane-guard program; default: beside this one");
  app.add_option("--memory-bytes", options.memory_bytes,
                 "Memory offered to nodes; default: a third of the host's, so that three agents can share a "
                 "development host and one alone leaves room for what a save copies");
  app.add_option("--uid-base", options.uid_base, "First user id for engines, when root; each engine has its own")
      ->check(CLI::Range(1000U, 4'000'000'000U))
      ->capture_default_str();
  app.add_option(
         "--fence", options.fence,
         "What ends the writes of a primary that has no lease: kernel (packet filter; needs CAP_NET_ADMIN), guard "
         "(a process that kills the engine), none (its cluster is not failed over when this host falls silent), or "
         "auto: the kernel, else a guard")
      ->check(CLI::IsMember({"auto", "kernel", "guard", "none"}))
      ->capture_default_str();
  app.add_flag("--unsafe", options.unsafe, "Claim the kernel's fence whatever --fence says; loses data")->group("");
  app.add_option(
      "--peer-address", options.peer_address,
      "ip:port (UDP) at which other agents ask this one for promises while the control plane is away; default: "
      "the address of this host towards the control plane, and a port that is kept in --home");
  app.add_option("--log-level", options.log_level, "debug, info, warn or error")->capture_default_str();
  app.add_flag("--drain", options.drain,
               "Connect nowhere: stop every engine of --home with its data saved, then exit. Refused while an agent "
               "runs on --home");
}

// Paths end up in other processes, whose working directory is another.
fs::path Absolute(const fs::path& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path : canonical;
}

void Complete(Options& options) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (options.images.empty()) options.images = images::DefaultRoot();
  if (options.cache_engine.empty()) options.cache_engine = self.parent_path() / "cache-engine";
  if (options.guard.empty()) options.guard = self.parent_path() / "cacheplane-guard";
  if (options.memory_bytes <= 0) options.memory_bytes = HostMemoryBytes() / 3;
  for (fs::path* path : {&options.home, &options.images, &options.cache_engine, &options.guard})
    *path = Absolute(*path);
}

}  // namespace

ParsedOptions ParseOptions(int argc, char** argv) {
  Options options;
  CLI::App app("cacheplane-agent: carries out on this host what the control plane decided");
  Declare(app, options);
  try {
    app.parse(argc, argv);
    if (!options.drain && (options.name.empty() || options.zone.empty() || options.token_file.empty())) {
      throw CLI::RequiredError("--name, --zone and --token-file");
    }
  } catch (const CLI::ParseError& error) {
    return {.options = std::nullopt, .exit_status = app.exit(error)};
  }
  Complete(options);
  return {.options = options};
}

}  // namespace cacheplane::agent
