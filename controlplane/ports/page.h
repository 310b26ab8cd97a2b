// Pages of a table.
#pragma once

#include <string>

namespace cacheplane::ports {

// A page of rows in key order: those behind `after` (empty: from the start), at most `limit`.
struct PageRequest {
  std::string after;
  int limit = 100;
};

}  // namespace cacheplane::ports
