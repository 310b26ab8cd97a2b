#include "nodeagent/supervisor/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string>
#include <vector>

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

  void Redirect(int standard_input, const std::string& log_file) {
    if (standard_input < 0) posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (standard_input >= 0) posix_spawn_file_actions_adddup2(&actions_, standard_input, STDIN_FILENO);
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

Result<pid_t> Spawn(std::vector<std::string> words, int standard_input, const std::filesystem::path& log_file) {
  SpawnSetup setup;
  setup.Redirect(standard_input, log_file.string());
  setup.OwnSessionAndDefaultSignals();
  std::string path = "PATH=/usr/bin:/bin";
  std::string locale = "LC_ALL=C";
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char* const environment[] = {path.data(), locale.data(), nullptr};
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, arguments.front(), setup.actions(), setup.attributes(), arguments.data(), environment);
  if (error != 0) return Unavailable(fmt::format("start {}: {}", words.front(), std::strerror(error)));
  return pid;
}

Result<pid_t> SpawnEngine(const std::filesystem::path& launcher, const std::filesystem::path& spec_file,
                          const std::filesystem::path& log_file) {
  return Spawn({launcher.string(), "--spec", spec_file.string()}, /*standard_input=*/-1, log_file);
}

}  // namespace cacheplane::agent
