// Ctrl-C while waiting: tell where things stand, instead of just dying.
#pragma once

#include <functional>
#include <thread>

namespace cacheplane::cli {

// While one lives, the first SIGINT calls `on_interrupt` from a thread of its own, and a second one ends the process
// at once with code 130. At most one at a time.
class InterruptWatch {
 public:
  explicit InterruptWatch(std::function<void()> on_interrupt);
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

 private:
  int read_end_ = -1;
  std::thread thread_;
};

}  // namespace cacheplane::cli
