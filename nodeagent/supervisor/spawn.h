// Starts an engine through its launcher.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "common/result.h"

namespace cacheplane::agent {

// `launcher --spec spec_file` in a session of its own, so that no signal to the agent's terminal reaches an engine:
// no inherited descriptors, default signals, a fixed environment, output appended to `log_file`. posix_spawn, since
// fork copies the page tables of a large parent (1.2 ms against 27 ms). kUnavailable with the system's reason.
Result<pid_t> SpawnEngine(const std::filesystem::path& launcher, const std::filesystem::path& spec_file,
                          const std::filesystem::path& log_file);

}  // namespace cacheplane::agent
