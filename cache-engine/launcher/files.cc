#include "cache-engine/launcher/files.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <string>

#include "cache-engine/launcher/system_error.h"

namespace cacheplane::launcher {
namespace {

// A parent may have closed descriptors 0 to 2; ours must not land there, where they are about to be replaced.
void ReserveStandardDescriptors() {
  int fd = 0;
  while (fd >= 0 && fd <= STDERR_FILENO) fd = open("/dev/null", O_RDWR);
  if (fd > STDERR_FILENO) close(fd);
}

Result<int> OpenDirectory(const Spec& spec) {
  const int fd = open(spec.data_directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return FailedPrecondition("there is no data directory " + spec.data_directory);
  }
  if (fd < 0) return SystemError("open " + spec.data_directory);
  if (spec.uid != 0 && fchown(fd, spec.uid, spec.uid) != 0) return SystemError("give away " + spec.data_directory);
  if (fchmod(fd, 0700) != 0) return SystemError("close to others " + spec.data_directory);
  return fd;
}

Result<int> OpenLog(const Spec& spec) {
  const int fd = open(spec.log_file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return SystemError("open " + spec.log_file);
  return fd;
}

// A pipe and not a file: once the engine has read it, the password in it is nowhere.
Result<int> PipeOf(std::string_view config) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemError("make a pipe");
  const int capacity = fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(config.size()));
  // A full pipe would block for ever: its reader is this process.
  if (capacity < 0 || static_cast<std::size_t>(capacity) < config.size())
    return SystemError("make room for the config");
  if (write(ends[1], config.data(), config.size()) != static_cast<ssize_t>(config.size())) {
    return SystemError("hand over the config");
  }
  close(ends[1]);
  return ends[0];
}

}  // namespace

Result<Files> OpenFiles(const Spec& spec, std::string_view config) {
  ReserveStandardDescriptors();
  Files files;
  CP_ASSIGN_OR_RETURN(files.directory, OpenDirectory(spec));
  CP_ASSIGN_OR_RETURN(files.log, OpenLog(spec));
  CP_ASSIGN_OR_RETURN(files.config, PipeOf(config));
  return files;
}

Status InstallFiles(const Files& files) {
  if (fchdir(files.directory) != 0) return SystemError("enter the data directory");
  if (dup2(files.config, STDIN_FILENO) < 0 || dup2(files.log, STDOUT_FILENO) < 0 ||
      dup2(files.log, STDERR_FILENO) < 0) {
    return SystemError("install standard input and output");
  }
  if (close_range(STDERR_FILENO + 1, UINT_MAX, 0) != 0) return SystemError("close other descriptors");
  return {};
}

}  // namespace cacheplane::launcher
