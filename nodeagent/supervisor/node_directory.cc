#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <system_error>

#include "common/file.h"
#include "common/slot_file.h"
#include "common/text.h"
#include "nodeagent/supervisor/home.h"
#include "nodeagent/supervisor/saved_data.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

Error SystemError(std::string_view what, const fs::path& path) {
  const int error = errno;
  return {error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInternal,
          fmt::format("{} {}: {}", what, path.string(), std::strerror(error))};
}

std::int64_t Millis(const timespec& time) { return time.tv_sec * 1000LL + time.tv_nsec / 1'000'000; }

Status Sync(const fs::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return SystemError("open", path);
  const bool synced = fsync(fd) == 0;
  const Status status = synced ? Status() : SystemError("sync", path);
  close(fd);
  return status;
}

// Engines change into their directory before they give up their rights, and need none on the way.
Status MakeDirectory(const fs::path& path) {
  if (mkdir(path.c_str(), 0711) == 0) return Sync(path.parent_path());
  return errno == EEXIST ? Status() : SystemError("make", path);
}

Status Remove(const fs::path& path) {
  if (unlink(path.c_str()) == 0) return Sync(path.parent_path());
  return errno == ENOENT ? Status() : SystemError("remove", path);
}

bool HoldsDirectory(const fs::path& path) {
  std::error_code error;
  for (auto entry = fs::directory_iterator(path, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) return true;
  }
  return static_cast<bool>(error);
}

}  // namespace

std::int64_t FileTime() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return Millis(now);
}

NodeDirectory::NodeDirectory(fs::path node_directory, const std::string& incarnation)
    : node_directory_(std::move(node_directory)), path_(node_directory_ / incarnation) {}

bool NodeDirectory::Exists() const {
  std::error_code error;
  return fs::is_directory(path_, error);
}

Status NodeDirectory::Create() const {
  CP_RETURN_IF_ERROR(MakeDirectory(node_directory_.parent_path()));
  CP_RETURN_IF_ERROR(MakeDirectory(node_directory_));
  CP_RETURN_IF_ERROR(MakeDirectory(path_));
  return MakeDirectory(data());
}

Result<SavedState> NodeDirectory::Load() const {
  CP_ASSIGN_OR_RETURN(const std::string text, ReadSlots(path_ / "state.json"));
  auto state = ParseSavedState(text);
  if (!state.ok()) return Annotate(state.error(), (path_ / "state.json").string());
  return state;
}

Status NodeDirectory::Save(const SavedState& state) const { return WriteSlots(path_ / "state.json", ToJson(state)); }

ProcessId NodeDirectory::LoadProcess() const {
  const auto text = ReadFile(process());
  if (!text.ok()) return {};
  const auto process = ParseProcessId(*text);
  return process.ok() ? *process : ProcessId{};
}

// Not synced: a dozen syncs would be most of a start's time.
Status NodeDirectory::Note(const ProcessId& process) const { return PlaceFile(this->process(), ToJson(process), 0600); }

Status NodeDirectory::WriteLaunch(const std::string& json) const { return PlaceFile(launch(), json, 0600); }

Status NodeDirectory::WritePidFile(pid_t pid) const { return PlaceFile(pid_file(), fmt::format("{}\n", pid), 0644); }

void NodeDirectory::RemovePidFile(pid_t pid) const {
  unlink(process().c_str());
  const auto text = ReadFile(pid_file());
  if (text.ok() && Trim(*text) == std::to_string(pid)) unlink(pid_file().c_str());
}

std::optional<SavedData> NodeDirectory::Saved() const {
  auto saved = ReadSavedData(dump());
  return saved ? saved : ReadSavedData(kept());
}

Status NodeDirectory::SetDumpAside() const {
  if (!ReadSavedData(dump())) return Remove(dump());
  if (rename(dump().c_str(), kept().c_str()) != 0) return SystemError("set aside", dump());
  CP_RETURN_IF_ERROR(Sync(data()));
  return Sync(path_);
}

Status NodeDirectory::TakeDumpBack() const {
  if (ReadSavedData(dump()) || !ReadSavedData(kept())) return {};
  if (rename(kept().c_str(), dump().c_str()) != 0) return SystemError("take back", kept());
  CP_RETURN_IF_ERROR(Sync(path_));
  return Sync(data());
}

Status NodeDirectory::RemoveKept() const { return Remove(kept()); }

Status NodeDirectory::SyncDump(std::int64_t since_ms) const {
  struct stat status {};
  if (stat(dump().c_str(), &status) != 0) return SystemError("look at", dump());
  if (Millis(status.st_mtim) < since_ms) return NotFound(fmt::format("{} is of an earlier moment", dump().string()));
  CP_RETURN_IF_ERROR(Sync(dump()));
  return Sync(data());
}

std::string NodeDirectory::LastLogLine() const {
  constexpr std::streamoff kTail = 4096;
  std::ifstream file(log(), std::ios::binary | std::ios::ate);
  if (!file) return "";
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - kTail));
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (const auto text = Trim(line); !text.empty()) last = EscapeControl(text.substr(0, 300));
  }
  return last;
}

Status NodeDirectory::Erase() const {
  std::error_code error;
  fs::remove_all(path_, error);
  if (error) return Internal(fmt::format("remove {}: {}", path_.string(), error.message()));
  CP_RETURN_IF_ERROR(Sync(node_directory_));
  if (HoldsDirectory(node_directory_)) return {};
  unlink(pid_file().c_str());
  unlink((pid_file().string() + ".new").c_str());
  // Refuses while anything else is there, which is what is wanted.
  rmdir(node_directory_.c_str());
  return {};
}

}  // namespace cacheplane::agent
