// Decides when the session says what: everything at its start and once a second, and news at once. It keeps no queue:
// while a message is under way news gather, and the next message says what is true then.
#pragma once

#include <cstdint>
#include <functional>

#include "nodeagent/decide/facts.h"
#include "nodeagent/session/loop_door.h"

namespace cacheplane::agent {

class Publisher {
 public:
  struct Channel {
    std::function<Facts()> current;
    std::function<Facts()> take_changed;  // a part of `current`: what may have changed since this was last asked
    std::function<bool()> writable;
    std::function<void(const Facts&)> send;
  };

  Publisher(LoopDoor loop, Channel channel);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // A session begins: the other side knows nothing.
  void OnOpened();
  // Facts changed, or the session became writable.
  void Publish();

 private:
  void Beat();

  LoopDoor loop_;
  Channel channel_;
  FactsDiff diff_;
  bool whole_due_ = true;
  std::uint64_t timer_ = 0;
};

}  // namespace cacheplane::agent
