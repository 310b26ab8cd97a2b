// Waiting longer after each failure, and never in step with others.
#pragma once

#include <chrono>
#include <random>

namespace cacheplane::router {

// Doubles from `first` to `longest`. Not thread safe.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest);

  // Between half and all of the current wait.
  std::chrono::milliseconds Next();
  void Reset() { wait_ = first_; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds longest_;
  std::chrono::milliseconds wait_;
  std::minstd_rand random_;
};

}  // namespace cacheplane::router
