#include "nodeagent/supervisor/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string>

namespace cacheplane::agent {
namespace {

class SpawnSetup {
 public:
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnSetup() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  void RedirectTo(const std::string& log_file) {
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, log_file.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
    posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }

  void OwnSessionAndDefaultSignals() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }

  posix_spawn_file_actions_t* actions() { return &actions_; }
  posix_spawnattr_t* attributes() { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

Result<pid_t> SpawnEngine(const std::filesystem::path& launcher, const std::filesystem::path& spec_file,
                          const std::filesystem::path& log_file) {
  SpawnSetup setup;
  setup.RedirectTo(log_file.string());
  setup.OwnSessionAndDefaultSignals();
  std::string program = launcher.string();
  std::string option = "--spec";
  std::string spec = spec_file.string();
  std::string path = "PATH=/usr/bin:/bin";
  std::string locale = "LC_ALL=C";
  char* const arguments[] = {program.data(), option.data(), spec.data(), nullptr};
  char* const environment[] = {path.data(), locale.data(), nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), setup.actions(), setup.attributes(), arguments, environment);
  if (error != 0) return Unavailable(fmt::format("start {}: {}", program, std::strerror(error)));
  return pid;
}

}  // namespace cacheplane::agent
