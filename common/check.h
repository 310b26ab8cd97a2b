// CHECK: an invariant that, once broken, makes every further step unsafe. Logs where and stops the process.
#pragma once

namespace cacheplane {

[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace cacheplane

#define CP_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::cacheplane::CheckFailed(#condition, __FILE__, __LINE__))
