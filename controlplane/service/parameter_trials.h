// Which engines try the values of a parameter group before they reach anybody, and how it is told what came of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"
#include "controlplane/ports/trials.h"
#include "controlplane/service/parameter_group_changes.h"

namespace cacheplane::service {

// Agents that are asked for one version, the next when one cannot try it.
inline constexpr std::size_t kMostAskedForTrial = 3;
// One that was not heard for longer is not asked: it may be cut off.
inline constexpr std::chrono::seconds kAskedWhenHeardWithin{3};

// One version of the group's family.
struct TrialPlan {
  struct Candidate {
    model::AgentName agent;
    std::string image_version;  // full

    bool operator==(const Candidate&) const = default;
  };
  std::string engine;
  std::string version;                // "8.1"
  std::vector<Candidate> candidates;  // in the order in which they are asked, at most kMostAskedForTrial

  bool operator==(const TrialPlan&) const = default;
};

// What came of it.
struct ParameterTrial {
  std::string engine;
  std::string version;
  std::string agent{};          // that tried it; empty when none did
  std::string image_version{};  // full
  std::string refusal{};        // the engine's words
  std::string problem{};        // why no engine tried it

  bool operator==(const ParameterTrial&) const = default;
};

// The versions in use by clusters of the group, whoever has images of them, then all others that a connected agent has
// an image of; where there is neither, all of the family, for nobody to try. Of images the newest comes first, of
// agents that have it another one for each version.
std::vector<TrialPlan> PlanTrials(ports::Transaction& transaction, const ParameterGroupChange& change,
                                  const ports::FactSnapshot& facts, MonoTime now);

// Of the smallest node that would have the values; `image` is left unset.
ports::Trial TrialOf(const ParameterGroupChange& change);

// kInvalidArgument with each refusal; ok when there is none.
Status CheckNotRefused(const ParameterGroupChange& change, const std::vector<ParameterTrial>& trials);

// Of those that took the values: "valkey 8.0.1, valkey 8.1.1".
std::string DescribeTried(const std::vector<ParameterTrial>& trials);
// Which have not tried them, and why; empty when all have.
std::string DescribeUntried(const std::vector<ParameterTrial>& trials);

}  // namespace cacheplane::service
