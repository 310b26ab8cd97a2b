#include "common/check.h"

#include <cstdlib>

#include "common/log.h"

namespace cacheplane {

void CheckFailed(const char* condition, const char* file, int line) {
  log::Error("CHECK failed: {} at {}:{}", condition, file, line);
  log::Flush();
  std::abort();
}

}  // namespace cacheplane
