// What the engine may do: no privileges, no way back to them, bounded resources. Everything here survives exec and
// binds the engine's children (saves fork) as well.
#pragma once

#include <cstdint>

#include "common/result.h"

namespace cacheplane::launcher {

// kFailedPrecondition when the engine would run as root, or as another user while this process is not root.
Status CheckUser(std::uint32_t uid);

// Open files: as asked, but no more than the hard limit. Core dumps: none, they hold the users' data. Processes:
// bounded when the engine has a user of its own (the kernel counts per user).
Status SetLimits(std::uint32_t uid, std::uint64_t max_open_files);

// Signals as at login, a session of its own, files it makes closed to others.
void ResetInheritedState();

// From root: becomes user and group `uid` with no further groups. Always: no ambient capabilities, and no_new_privs.
// The engine outlives the agent on purpose, so no parent-death signal is set.
Status DropPrivileges(std::uint32_t uid);

}  // namespace cacheplane::launcher
