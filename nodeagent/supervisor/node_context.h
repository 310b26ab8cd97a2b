// What all nodes of an agent share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "nodeagent/supervisor/crowd.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/home.h"
#include "nodeagent/supervisor/open_hooks.h"

namespace cacheplane::agent {

class Node;

struct NodeContext {
  EventLoop& loop;
  Home& home;
  std::filesystem::path images{};                    // root of the engine images
  std::filesystem::path launcher{};                  // the cache-engine program
  std::uint32_t uid_base = 0;                        // 0: engines run as the agent's user
  std::function<void(const Node&)> changed{};        // its fact may have changed
  std::function<bool(const Node&)> sibling_alive{};  // another incarnation of the same node has a process
  OpenHooks hooks{};
  Crowd crowd{};
};

}  // namespace cacheplane::agent
