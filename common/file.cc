#include "common/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace cacheplane {
namespace {

Error SystemError(std::string_view what, const std::filesystem::path& path) {
  const int error = errno;
  return {error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInternal,
          fmt::format("{} {}: {}", what, path.string(), std::strerror(error))};
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Status WriteAll(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("write", path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status SyncDirectory(const std::filesystem::path& directory) {
  const FileDescriptor fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || fsync(fd.get()) != 0) return SystemError("sync", directory);
  return {};
}

Status Replace(const std::filesystem::path& path, std::string_view content, unsigned mode, bool sync) {
  const std::filesystem::path temporary = path.string() + ".new";
  {
    const FileDescriptor fd(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (fd.get() < 0) return SystemError("create", temporary);
    CP_RETURN_IF_ERROR(WriteAll(fd.get(), content, temporary));
    if (sync && fsync(fd.get()) != 0) return SystemError("sync", temporary);
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) return SystemError("rename", path);
  return {};
}

}  // namespace

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return SystemError("open", path);
  std::ostringstream content;
  content << stream.rdbuf();
  if (stream.bad()) return SystemError("read", path);
  return content.str();
}

Status PlaceFile(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  return Replace(path, content, mode, /*sync=*/false);
}

Status ReplaceFile(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  CP_RETURN_IF_ERROR(Replace(path, content, mode, /*sync=*/true));
  return SyncDirectory(path.has_parent_path() ? path.parent_path() : ".");
}

}  // namespace cacheplane
