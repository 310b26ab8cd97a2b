#include "nodeagent/supervisor/proc.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>

#include "common/file.h"
#include "common/text.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

fs::path ProcPath(pid_t pid, const char* name) { return fmt::format("/proc/{}/{}", pid, name); }

std::string LinkOf(pid_t pid, const char* name) {
  std::error_code error;
  return fs::read_symlink(ProcPath(pid, name), error).string();
}

fs::path Canonical(const fs::path& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(path, error);
  return error ? path : canonical;
}

// A program that was replaced on disk since reads as "path (deleted)".
bool IsProgram(const std::string& exe, const fs::path& program) {
  const std::string path = Canonical(program).string();
  return exe == path || exe == path + " (deleted)";
}

bool IsBelow(const std::string& exe, const fs::path& root) { return exe.starts_with(Canonical(root).string() + "/"); }

bool HasArgument(pid_t pid, const std::string& argument) {
  const auto line = ReadFile(ProcPath(pid, "cmdline"));
  if (!line.ok()) return false;
  const auto arguments = Split(*line, '\0');
  return std::find(arguments.begin(), arguments.end(), argument) != arguments.end();
}

std::vector<pid_t> NumbersIn(const fs::path& directory) {
  std::vector<pid_t> numbers;
  std::error_code error;
  for (auto entry = fs::directory_iterator(directory, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (const auto number = ParseInt(entry->path().filename().string())) numbers.push_back(static_cast<pid_t>(*number));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

bool IsProcessOf(const EngineIdentity& identity, pid_t pid) {
  const std::string exe = LinkOf(pid, "exe");
  if (exe.empty()) return false;
  if (IsProgram(exe, identity.launcher)) return HasArgument(pid, identity.spec_file.string());
  const auto& roots = identity.image_roots;
  return std::any_of(roots.begin(), roots.end(), [&exe](const fs::path& root) { return IsBelow(exe, root); }) &&
         LinkOf(pid, "cwd") == Canonical(identity.data_directory).string();
}

std::vector<ProcessId> FindProcesses(const EngineIdentity& identity) {
  struct Found {
    ProcessId id;
    pid_t parent;
  };
  std::vector<Found> found;
  for (const pid_t pid : NumbersIn("/proc")) {
    if (!IsProcessOf(identity, pid)) continue;
    const auto stat = ReadProcessStat(pid);
    if (stat && stat->state != 'Z' && stat->state != 'X') found.push_back({{pid, stat->start_time}, stat->parent});
  }
  std::stable_partition(found.begin(), found.end(), [&found](const Found& process) {
    return std::none_of(found.begin(), found.end(), [&](const Found& other) { return other.id.pid == process.parent; });
  });
  std::vector<ProcessId> ids;
  for (const Found& process : found) ids.push_back(process.id);
  return ids;
}

std::vector<pid_t> BackgroundThreads(pid_t pid) {
  std::vector<pid_t> threads;
  const fs::path tasks = ProcPath(pid, "task");
  for (const pid_t thread : NumbersIn(tasks)) {
    const auto name = ReadFile(tasks / std::to_string(thread) / "comm");
    if (name.ok() && name->starts_with("bio_")) threads.push_back(thread);
  }
  return threads;
}

std::int64_t OomKills() {
  std::ifstream file("/proc/vmstat");
  std::string key;
  std::int64_t count = 0;
  while (file >> key >> count) {
    if (key == "oom_kill") return count;
  }
  return 0;
}

std::int64_t HostMemoryBytes() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  std::int64_t kibibytes = 0;
  if (file >> key >> kibibytes && key == "MemTotal:") return kibibytes * 1024;
  return 0;
}

}  // namespace cacheplane::agent
