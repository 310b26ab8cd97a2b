// The error of a system call that has just failed, from errno.
#pragma once

#include <cerrno>
#include <cstring>
#include <string>

#include "common/result.h"

namespace cacheplane::launcher {

inline Error SystemError(const std::string& what) { return Internal("cannot " + what + ": " + std::strerror(errno)); }

}  // namespace cacheplane::launcher
