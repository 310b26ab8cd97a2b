// What /proc says of processes, and which of them belong to a node incarnation.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "common/process.h"

namespace cacheplane::agent {

// How a process of one incarnation is known: it works in the data directory and runs an engine image's program, or it
// is the launcher on its way there with this specification. Both halves, so that an operator's shell in the data
// directory is none.
struct EngineIdentity {
  std::filesystem::path data_directory{};
  std::filesystem::path spec_file{};
  std::vector<std::filesystem::path> image_roots{};
  std::filesystem::path launcher{};
};

bool IsProcessOf(const EngineIdentity& identity, pid_t pid);

// All of them, parents before the children they forked to save; zombies are none. Reads all of /proc: about 10 µs a
// process.
std::vector<ProcessId> FindProcesses(const EngineIdentity& identity);

// Threads of an engine that work in the background ("bio_*"). They name themselves some 20 ms after the start.
std::vector<pid_t> BackgroundThreads(pid_t pid);

// How often this host's kernel has killed a process for want of memory, of the host or of a control group; 0 when
// unknown.
std::int64_t OomKills();

// MemTotal of this host in bytes; 0 when unknown.
std::int64_t HostMemoryBytes();

}  // namespace cacheplane::agent
