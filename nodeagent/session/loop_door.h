// What the session needs of the thread that owns it. Wired to the event loop in app/.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace cacheplane::agent {

struct LoopDoor {
  using Task = std::function<void()>;

  // Any thread, at any time: what comes after the loop's end is dropped.
  std::function<void(Task)> post;
  // The loop's thread alone: runs the task later; the id is for cancel, and never 0.
  std::function<std::uint64_t(std::chrono::milliseconds, Task)> after;
  std::function<void(std::uint64_t)> cancel;
};

}  // namespace cacheplane::agent
