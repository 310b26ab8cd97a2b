#include "tests/unit/nodeagent/agent_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

#include "common/text.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

int Reap(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

pid_t ParentOf(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string key; file >> key;) {
    pid_t parent = 0;
    if (key == "PPid:" && file >> parent) return parent;
  }
  return 0;
}

}  // namespace

AgentProgram::AgentProgram(std::string control_plane) : control_plane_(std::move(control_plane)) {
  std::string name = (fs::canonical(fs::temp_directory_path()) / "agent-home-XXXXXX").string();
  home_ = mkdtemp(name.data());
  std::ofstream(home_ / "token") << "join-me\n";
}

AgentProgram::~AgentProgram() {
  if (pid_ != 0) Stop(SIGKILL);
  for (std::vector<pid_t> engines = Engines(); !engines.empty(); engines = Engines()) {
    for (const pid_t engine : engines) kill(engine, SIGKILL);
    usleep(1000);
  }
  Drain();  // for what it left in the kernel
  std::error_code error;
  fs::remove_all(home_, error);
}

void AgentProgram::Start() {
  pid_ = Spawn({"--name", "agent-a", "--zone", "us-east-1a", "--control-plane", control_plane_, "--token-file",
                (home_ / "token").string(), "--home", home_.string(), "--cache-engine", CACHE_ENGINE_PROGRAM,
                "--uid-base", "75000", "--log-level", "debug"});
}

int AgentProgram::Stop(int signal) {
  kill(pid_, signal);
  return Reap(std::exchange(pid_, 0));
}

int AgentProgram::Drain() {
  return Reap(Spawn({"--drain", "--home", home_.string(), "--cache-engine", CACHE_ENGINE_PROGRAM}));
}

pid_t AgentProgram::Spawn(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words = {AGENT_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string log = (home_ / "agent.log").string();
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, AGENT_PROGRAM, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? pid : 0;
}

fs::path AgentProgram::NodeFile(const std::string& node, const std::string& below) const {
  return home_ / "nodes" / node / below;
}

std::vector<pid_t> AgentProgram::Engines() const {
  std::vector<pid_t> engines;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto pid = ParseInt(entry.path().filename().string());
    std::error_code error;
    if (!pid) continue;
    const std::string cwd = fs::read_symlink(entry.path() / "cwd", error).string();
    if (!error && cwd.starts_with(home_.string() + "/")) engines.push_back(static_cast<pid_t>(*pid));
  }
  return engines;
}

std::vector<pid_t> AgentProgram::EnginesWithoutChildren() const {
  const std::vector<pid_t> all = Engines();
  std::vector<pid_t> parents;
  for (const pid_t engine : all) {
    const pid_t parent = ParentOf(engine);
    if (std::find(all.begin(), all.end(), parent) == all.end()) parents.push_back(engine);
  }
  return parents;
}

}  // namespace cacheplane::agent
