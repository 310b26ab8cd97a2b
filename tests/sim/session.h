// One stream between an agent and a control plane, as TCP carries it: in order both ways, late rather than lost while
// the network is cut, and whoever ends it is noticed by the other side only when the news gets through.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "controlplane/model/assignment.h"
#include "tests/sim/reality.h"

namespace cacheplane::sim {

class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(Reality& reality, std::string of_host, std::uint64_t number)
      : host(std::move(of_host)), id(number), reality_(reality) {}

  const std::string host;
  const std::uint64_t id;
  bool agent_open = true;
  bool control_plane_open = true;

  // The control plane's side.
  std::vector<model::Assignment> sent;
  std::uint64_t lease_sequence = 0;  // of the latest request; 0: none came yet
  MonoTime lease_asked;              // when it came
  std::int64_t heard = 0;
  std::deque<std::uint64_t> asked;  // lease requests that are on their way

  void Up(std::function<void()> arrive) { Send(up_, std::move(arrive)); }
  void Down(std::function<void()> arrive) { Send(down_, std::move(arrive)); }

 private:
  struct Direction {
    bool up = false;
    bool pumping = false;
    std::deque<std::function<void()>> messages;
  };

  void Send(Direction& direction, std::function<void()> arrive) {
    direction.messages.push_back(std::move(arrive));
    if (std::exchange(direction.pumping, true)) return;
    Pump(direction, reality_.MessageTime());
  }

  void Pump(Direction& direction, std::int64_t delay) {
    reality_.schedule.After(delay, [this, self = shared_from_this(), &direction] {
      const bool passes =
          direction.up ? reality_.network.Passes(host, kControlPlane) : reality_.network.Passes(kControlPlane, host);
      // Nothing is acknowledged in a cut, nor sent again more often than this.
      if (!passes) return Pump(direction, 20);
      const auto arrive = std::move(direction.messages.front());
      direction.messages.pop_front();
      direction.pumping = !direction.messages.empty();
      if (direction.pumping) Pump(direction, reality_.MessageTime());
      arrive();
    });
  }

  Reality& reality_;
  Direction up_{true, false, {}};
  Direction down_{};
};

}  // namespace cacheplane::sim
