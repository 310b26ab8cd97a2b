#include "nodeagent/supervisor/home.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "nodeagent/decide/names.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> DirectoriesIn(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = fs::directory_iterator(path, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code ignored;
    const std::string name = entry->path().filename().string();
    const bool directory = entry->is_directory(ignored) && !entry->is_symlink(ignored);
    if (directory && IsValidName(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Home::~Home() {
  if (lock_ >= 0) close(lock_);
}

Status Home::Lock() {
  std::error_code error;
  fs::create_directories(root_, error);
  if (error) return Internal(fmt::format("make {}: {}", root_.string(), error.message()));
  const fs::path file = root_ / "agent.lock";
  lock_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return Internal(fmt::format("open {}: {}", file.string(), std::strerror(errno)));
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno == EWOULDBLOCK) return FailedPrecondition(fmt::format("an agent is running on {}", root_.string()));
  return Internal(fmt::format("lock {}: {}", file.string(), std::strerror(errno)));
}

NodeDirectory Home::DirectoryOf(const std::string& node, const std::string& incarnation) const {
  return {root_ / "nodes" / node, incarnation};
}

std::vector<std::pair<std::string, std::string>> Home::List() const {
  std::vector<std::pair<std::string, std::string>> found;
  for (const std::string& node : DirectoriesIn(root_ / "nodes")) {
    for (const std::string& incarnation : DirectoriesIn(root_ / "nodes" / node)) found.emplace_back(node, incarnation);
  }
  return found;
}

std::uint32_t Home::FreeUid(std::uint32_t base) const {
  std::set<std::uint32_t> used = set_aside_;
  for (const auto& [node, incarnation] : List()) {
    if (const auto state = DirectoryOf(node, incarnation).Load(); state.ok()) used.insert(state->uid);
  }
  std::uint32_t uid = base;
  while (used.contains(uid)) ++uid;
  return uid;
}

}  // namespace cacheplane::agent
