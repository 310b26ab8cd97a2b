// Everything that is real in the simulation and belongs to no process of ours: hosts, engines, the network, and what
// engines do by themselves.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/sim/history.h"
#include "tests/sim/host.h"
#include "tests/sim/network.h"
#include "tests/sim/schedule.h"

namespace cacheplane::sim {

// Who wants to know what engines do. The oracle.
class Observer {
 public:
  virtual ~Observer() = default;
  // It is open now, with its data in `before`; `handover`: by its former primary's agent.
  virtual void Opened(const Engine& engine, const Position& before, bool handover) = 0;
  // It has acknowledged a write, the last one it holds.
  virtual void Acknowledged(const Engine& engine) = 0;
};

class Reality {
 public:
  explicit Reality(Schedule& time) : schedule(time) {}

  Schedule& schedule;
  Network network;
  Histories histories;
  std::map<std::string, Host> hosts;
  Observer* observer = nullptr;
  enum class Illness { kNone, kEnds, kHangs };
  Illness newest = Illness::kNone;  // of the newest version
  std::int64_t slowest = 20;        // milliseconds a message may take
  double repeat = 0;                // of a message
  std::uint64_t last_life = 0;      // of an engine
  std::set<std::string> sometimes;
  // Counts what agents do to engines and disks; crash enumeration kills one there.
  std::function<void(Host& host, const std::string& incarnation)> effect = [](Host&, const std::string&) {};

  // An agent tells the router of a switch.
  std::function<void(const model::ArmedSwitch& opened)> lead = [](const model::ArmedSwitch&) {};

  Host& HostOf(const std::string& name) { return hosts.at(name); }
  Engine* FindEngine(const std::string& host, const std::string& incarnation, std::uint64_t start);
  Engine* EngineAt(const model::Address& address);
  // That answers somebody on `from`; null when it is gone, stuck, not up yet or cannot be reached.
  Engine* Reach(const std::string& from, const model::Address& address);

  // Whether a client's write would be acknowledged now, but for a pause.
  bool Writable(const Engine& engine) const;
  bool TryWrite(Engine& engine);

  // Sends a command to that process, be it alive; `executed` is called once it has been carried out.
  void Send(const std::string& host, const std::string& incarnation, std::uint64_t start, Command command,
            std::function<void()> executed);
  // One that was just started ends or hangs before it answers, if its version is such.
  void TakeIll(Engine& engine);
  bool Execute(Engine& engine, const Command& command);
  // A step of replication: every replica follows whom it follows.
  void Replicate();
  // It writes what it holds, or held a moment ago, to its host's disk; an empty file counts for nothing.
  void Save(const Engine& engine);
  // In the file of that name, which may be gone since.
  const Position& InFile(const std::string& id) const { return files_.at(id).first; }
  std::int64_t TimeOfFile(const std::string& id) const { return files_.at(id).second; }
  void EndProcess(Host& host, const std::string& incarnation);
  void Freeze(Engine& engine, bool by_signal);
  void Wake(Engine& engine);

  // Now and then a slow network loses a segment, and what follows waits for it to be sent again.
  std::int64_t MessageTime() {
    if (slowest > 1000 && schedule.Chance(0.03)) return schedule.Between(500, 3000);
    return schedule.Between(1, slowest) / 4 + 1;
  }

 private:
  void Follow(Engine& replica);
  void LoseLink(Engine& replica);
  void Catch(Engine& replica, const Engine& primary);
  std::map<std::string, std::uint64_t> openings_;
  std::map<std::string, std::pair<Position, std::int64_t>> files_;
};

}  // namespace cacheplane::sim
