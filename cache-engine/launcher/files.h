// What the launcher opens while it may still open everything. The directories above the engine's own can be closed to
// the engine's user: from here on it holds descriptors and needs no path but that of its image.
#pragma once

#include <string_view>

#include "cache-engine/launcher/spec.h"
#include "common/result.h"

namespace cacheplane::launcher {

// Open descriptors, all close-on-exec.
struct Files {
  int config = -1;     // read end of a pipe that holds the whole configuration and then ends
  int log = -1;        // append only
  int directory = -1;  // the data directory
};

// kFailedPrecondition when the data directory does not exist or is not a directory; kInternal for other failures.
// The directory is given to the engine's user, mode 0700; what is in it is left as it is. The log file is made when
// there is none, mode 0600. Neither may be a symbolic link, since the engine can write beside them.
Result<Files> OpenFiles(const Spec& spec, std::string_view config);

// Makes them standard input, output and error, and the working directory. Every other descriptor is closed.
Status InstallFiles(const Files& files);

}  // namespace cacheplane::launcher
