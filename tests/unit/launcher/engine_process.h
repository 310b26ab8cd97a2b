// A real engine started through the `cache-engine` program, with directories of its own that vanish with it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cache-engine/images/images.h"
#include "cache-engine/launcher/spec.h"
#include "cache-engine/resp/client.h"

namespace cacheplane::images {

// For GoogleTest's messages.
inline void PrintTo(const Image& image, std::ostream* out) { *out << image.directory; }

}  // namespace cacheplane::images

namespace cacheplane::launcher {

// Images of versions that a cluster can ask for.
std::vector<images::Image> UsableImages();
// What a test says when there is none.
std::string HowToMakeImages();

// A temporary directory, mode 0700, with an empty data directory in it, and a specification that fits.
class Workspace {
 public:
  Workspace();
  ~Workspace();

  // For `image`, as user 70001 (as the current user when that is not root), on an address of this workspace's own.
  Spec SpecFor(const images::Image& image) const;
  // Writes the specification; returns its path.
  std::filesystem::path Write(const Spec& spec) const;
  std::string Log() const;

  const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_;
};

// A running `cache-engine`; killed at the end, if it has not ended.
class EngineProcess {
 public:
  // Descriptor 77 of the new process is open: a leak to be closed.
  EngineProcess(const std::filesystem::path& spec_file, bool check_only = false);
  ~EngineProcess();

  void Signal(int signal) const;
  // The exit code, or 128 + the signal; -1 when it does not end in ten seconds.
  int WaitForExit();
  // What it wrote to its own standard error, before the log was open.
  std::string StandardError() const;

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int stderr_ = -1;
};

// Polls `condition` until it holds; false after ten seconds.
bool WaitUntil(const std::function<bool()>& condition);

// A connection that has got PONG, as the internal user when `password` is not empty; null after ten seconds without.
std::unique_ptr<resp::Client> ConnectWhenReady(const Spec& spec, const std::string& password);

}  // namespace cacheplane::launcher
