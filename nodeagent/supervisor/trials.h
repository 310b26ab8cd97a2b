// Throw-away engines that try parameter values, one at a time, and of which nothing is left when their verdict is told.
// They are started as serving ones are, but for the data and the port: there are none.
//
//   Begin ─► queue ─► started ─► it answers ───────────► killed ─► gone: directory removed, verdict told ─► the next
//                        │ it ends ────────────────────────────────►
//                        └ neither in time ────────────► killed ─►
//
//   <home>/trial/launch.json  engine.log  data/engine.sock     of the one under way
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>

#include "cache-engine/launcher/spec.h"
#include "nodeagent/decide/trial.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/home.h"

namespace cacheplane::agent {

class Trials {
 public:
  struct Options {
    std::filesystem::path images{};
    std::filesystem::path launcher{};
    std::uint32_t uid_base = 0;  // 0: engines run as the agent's user
    // An engine that has neither answered nor ended by then does not take the values.
    std::chrono::milliseconds patience = std::chrono::seconds(5);
    // One that had to wait for others for longer is not begun with: nobody waits for its verdict much longer.
    std::chrono::milliseconds longest_wait = std::chrono::seconds(1);
  };

  // `told` gets each trial's id with its verdict, on the loop's thread. `home` is locked; all must outlive it.
  Trials(EventLoop& loop, Home& home, Options options, std::function<void(std::uint64_t, const Verdict&)> told);
  ~Trials();
  Trials(const Trials&) = delete;
  Trials& operator=(const Trials&) = delete;

  void Begin(const Trial& trial);
  // Whoever asked is gone: no verdict is told of what was begun so far, and it ends.
  void Forget();
  // Ends and removes whatever an agent of this home has started to try something.
  void RemoveLeftovers();

 private:
  struct Running;
  struct Waiting {
    Trial trial;
    MonoTime since;
  };

  void BeginNext();
  Status Start(const Trial& trial);
  Result<launcher::Spec> MakeSpec(const Trial& trial);
  Status Watch(pid_t pid);
  void Look();
  void Hear();
  void Settle(const Verdict& verdict);
  void Finish(const Verdict& verdict);
  void Remove() const;
  std::uint32_t Uid();

  EventLoop& loop_;
  Home& home_;
  const Options options_;
  const std::function<void(std::uint64_t, const Verdict&)> told_;
  std::deque<Waiting> queue_;
  std::unique_ptr<Running> running_;
  std::uint32_t uid_ = 0;  // of all of them; 0: none was needed yet
};

}  // namespace cacheplane::agent
