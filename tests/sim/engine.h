// An engine process of the simulation. It answers, replicates and acknowledges writes without any agent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/model/ids.h"
#include "controlplane/model/plan.h"
#include "tests/sim/history.h"

namespace cacheplane::sim {

// What hosts have images of.
inline constexpr char kOlderVersion[] = "8.0.1";
inline constexpr char kNewestVersion[] = "8.1.1";

// REPLICAOF, to an address or to nobody; and whose opener is admitted from now on.
struct Command {
  enum class Kind { kOpen, kFollow, kAdmit };

  Kind kind = Kind::kOpen;
  std::optional<model::Address> primary{};  // kFollow: nobody, when there is none
  std::uint64_t opener = 0;                 // kOpen: by the former primary's agent, in this epoch; kAdmit: 0: nobody
};

// A primary's line about one of its replicas.
struct ReplicaLine {
  model::Address address;
  std::uint64_t start = 0;  // of the replica's process
  bool online = false;      // else it is being synchronised
  std::int64_t acknowledged = 0;
};

struct Engine {
  std::string host;
  std::string incarnation;
  model::NodeName node;
  std::string cluster;  // its name
  model::Address address;
  std::uint64_t life = 0;       // no other process ever had it
  std::uint64_t start = 0;      // the number of this process in its incarnation, as its directory knows it
  std::int64_t answers_at = 0;  // it listens from then on
  std::string version{};        // full

  bool open = false;          // role primary
  std::uint64_t opening = 0;  // the number of its latest opening in its cluster
  std::optional<model::Address> follows;
  bool link_up = false;
  std::int64_t link_broke = 0;
  std::int64_t synced_at = 0;  // when the full synchronisation under way is done; 0: none is
  Position data;
  std::int64_t paused_until = 0;                // for writes
  std::uint64_t opener = 0;                     // in this epoch the former primary's agent may open it
  std::map<std::string, ReplicaLine> replicas;  // by incarnation
  std::string timeout;                          // the one parameter that is looked at

  bool frozen = false;
  std::int64_t stuck_since = 0;  // frozen or hung
  bool hung = false;
  // What was sent to it meanwhile: carried out when it wakes, whoever sent it and whatever happened since.
  struct Buffered {
    Command command;
    std::function<void()> executed;
  };
  std::vector<Buffered> buffered;

  bool Stuck() const { return frozen || hung; }
};

}  // namespace cacheplane::sim
