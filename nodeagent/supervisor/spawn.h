// Starts processes that outlive this one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "common/result.h"

namespace cacheplane::agent {

// `words`, the first of which is the program's path, in a session of its own, so that no signal to the agent's terminal
// reaches an engine: no inherited descriptors but `standard_input` (-1: none either), default signals, a fixed
// environment, output appended to `log_file`. posix_spawn, since fork copies the page tables of a large parent (1.2 ms
// against 27 ms). kUnavailable with the system's reason.
Result<pid_t> Spawn(std::vector<std::string> words, int standard_input, const std::filesystem::path& log_file);

// `launcher --spec spec_file`, so.
Result<pid_t> SpawnEngine(const std::filesystem::path& launcher, const std::filesystem::path& spec_file,
                          const std::filesystem::path& log_file);

}  // namespace cacheplane::agent
