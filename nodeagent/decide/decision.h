// The next step for one node incarnation: a value between "what should be" and "make it so".
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/clock.h"
#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

// Start the process, as replica of `primary` or of nobody. `epoch` and `boot` are made durable before the spawn.
struct StartEngine {
  std::optional<Address> primary{};
  std::uint64_t epoch = 0;
  std::uint64_t boot = 0;
  bool keep_data = false;  // loads what an earlier process saved; false: that is set aside first
  bool operator==(const StartEngine&) const = default;
};

// REPLICAOF NO ONE. `epoch`, `boot`, and that saved data are outdated, are made durable before the command is sent.
struct OpenAsPrimary {
  std::uint64_t epoch = 0;
  std::uint64_t boot = 0;
  bool operator==(const OpenAsPrimary&) const = default;
};

// REPLICAOF primary. `epoch`, and that saved data are given up, is made durable before the command is sent.
struct Follow {
  Address primary{};
  std::uint64_t epoch = 0;
  bool gives_up_data = true;  // false: it follows nobody, and nothing it holds changes by that
  bool operator==(const Follow&) const = default;
};

// In sync with `donor`: once it has what that one has, REPLICAOF primary, where it goes on. `epoch` as above.
struct LeaveDonor {
  Address donor{};
  Address primary{};
  std::uint64_t epoch = 0;
  bool operator==(const LeaveDonor&) const = default;
};

// Lets the former primary's agent open the engine: `epoch`, `boot`, and that saved data are outdated, are made durable,
// and then the engine admits the opener of that epoch, which shows that it is ready (handover.h).
struct AcceptHandover {
  std::uint64_t epoch = 0;
  std::uint64_t boot = 0;
  bool operator==(const AcceptHandover&) const = default;
};

// Nobody but its own agent opens the engine from now on: a command that is late is not heeded any more.
struct DismissOpener {
  std::uint64_t epoch = 0;  // whose opener it is
  bool operator==(const DismissOpener&) const = default;
};

// Hands the role over to `candidate` without losing a write (handover.h). `epoch` is made durable before.
struct HandOver {
  Address candidate{};
  std::uint64_t epoch = 0;
  bool operator==(const HandOver&) const = default;
};

// Closes the connections of its clients, then makes `epoch` durable: once more does no harm.
struct CutClients {
  std::uint64_t epoch = 0;
  bool operator==(const CutClients&) const = default;
};

// CONFIG SET for each of them. What the engine refuses is reported, and is no reason to stop anything.
struct ApplyParameters {
  std::vector<Setting> settings{};
  bool operator==(const ApplyParameters&) const = default;
};

// With data saved, or at once.
struct StopEngine {
  bool save = false;
  bool operator==(const StopEngine&) const = default;
};

// No process is left: remove the incarnation's directory.
struct EraseDirectory {
  bool operator==(const EraseDirectory&) const = default;
};

// Nothing to do before `recheck`, or before something changes.
struct Waiting {
  std::string reason{};
  MonoTime recheck{};
  bool operator==(const Waiting&) const = default;
};

// Only another assignment, or somebody's repair, helps. The reason goes to the control plane.
struct Blocked {
  std::string reason{};
  bool operator==(const Blocked&) const = default;
};

struct Converged {
  bool operator==(const Converged&) const = default;
};

using Decision = std::variant<StartEngine, OpenAsPrimary, Follow, LeaveDonor, AcceptHandover, DismissOpener, HandOver,
                              CutClients, ApplyParameters, StopEngine, EraseDirectory, Waiting, Blocked, Converged>;

// For logs and test failures, such as "open as primary in epoch 4".
std::string Describe(const Decision& decision);

}  // namespace cacheplane::agent

template <>
struct fmt::formatter<cacheplane::agent::Decision> : fmt::formatter<std::string> {
  auto format(const cacheplane::agent::Decision& decision, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format(cacheplane::agent::Describe(decision), context);
  }
};
