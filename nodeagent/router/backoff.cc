#include "nodeagent/router/backoff.h"

#include <algorithm>

namespace cacheplane::router {

using std::chrono::milliseconds;

Backoff::Backoff(milliseconds first, milliseconds longest)
    : first_(first), longest_(longest), wait_(first), random_(std::random_device()()) {}

milliseconds Backoff::Next() {
  const milliseconds now = wait_;
  wait_ = std::min(wait_ * 2, longest_);
  return milliseconds(std::uniform_int_distribution(now.count() / 2, now.count())(random_));
}

}  // namespace cacheplane::router
