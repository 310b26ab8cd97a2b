// Talks to one engine from a thread of its own.
//
// One thread per engine is the simplest thing that is right: the client blocks, and an engine that hangs or saves for a
// minute must stall nobody but itself. A pool would need a rule for which engines may starve when several hang; an idle
// thread costs some 10 KB. All results reach the loop through its mailbox, at most one probe at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cache-engine/drivers/replication_info.h"
#include "common/result.h"
#include "nodeagent/supervisor/engine_link.h"
#include "nodeagent/supervisor/event_loop.h"

namespace cacheplane::agent {

struct ProbeResult {
  bool answered = false;  // any answer: -LOADING and -BUSY are some
  std::optional<engine::EngineInfo> info{};
  std::string problem{};  // why there is none; "" when only its life was asked for
};

// What became of a command. `sent` and not ok: its effect is unknown, unless `refused`.
struct CommandResult {
  bool sent = false;
  bool refused = false;  // an error reply
  Status status{};
};

class Prober {
 public:
  using OnProbe = std::function<void(const ProbeResult&)>;
  using OnDone = std::function<void(const CommandResult&)>;

  // `on_probe` and `done` are called on the loop's thread, and never after the destructor.
  Prober(const std::shared_ptr<Mailbox>& mailbox, ProbeTarget target, OnProbe on_probe);
  // Does not wait for the thread, which may be in a call: it ends by itself.
  ~Prober();
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  // Time between two probes; a shorter one takes effect at once.
  void SetInterval(std::chrono::milliseconds interval);
  // One at a time, of these two. A probe follows it at once, and its result comes before `done`.
  void Send(std::vector<std::string> command, std::chrono::milliseconds timeout, OnDone done);
  // `work` is called on the prober's thread with its connection; while it runs nothing is asked.
  void Run(std::function<void(EngineLink&)> work, OnDone done);
  // How long the question or command under way has waited for its answer; 0 when there is none.
  std::chrono::milliseconds Unanswered() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace cacheplane::agent
