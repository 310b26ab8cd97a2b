#include "controlplane/service/parameter_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cache-engine/catalog/catalog.h"
#include "common/text.h"
#include "controlplane/service/parameter_groups.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

using Candidates = std::vector<TrialPlan::Candidate>;

bool IsInUse(const catalog::EngineVersion& version, const std::vector<model::Cluster>& users) {
  const auto is = [&](const std::string& engine, const std::string& number) {
    return engine == version.engine && number == version.version;
  };
  return std::any_of(users.begin(), users.end(), [&](const model::Cluster& user) {
    return is(user.spec.engine, user.spec.engine_version) ||
           (user.pending && is(user.pending->engine, user.pending->engine_version));
  });
}

std::vector<model::Host> Reachable(ports::Transaction& transaction, const ports::FactSnapshot& facts, MonoTime now) {
  std::vector<model::Host> hosts = transaction.hosts().Hosts();
  std::erase_if(hosts, [&](const model::Host& host) {
    const auto seen = facts.agents.find(host.agent);
    return seen == facts.agents.end() || !seen->second.connected || now - seen->second.heard > kAskedWhenHeardWithin;
  });
  return hosts;
}

// `turn` chooses who is asked first of several with the same image.
Candidates CandidatesFor(const catalog::EngineVersion& version, const std::vector<model::Host>& hosts,
                         std::size_t turn) {
  Candidates candidates;
  for (const model::Host& host : hosts) {
    const std::string image = model::NewestImage(host, version.engine, version.version);
    if (!image.empty()) candidates.push_back({host.agent, image});
  }
  if (candidates.empty()) return candidates;
  const auto first = static_cast<Candidates::difference_type>(turn % candidates.size());
  std::rotate(candidates.begin(), candidates.begin() + first, candidates.end());
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return model::IsNewer(a.image_version, b.image_version); });
  if (candidates.size() > kMostAskedForTrial) candidates.resize(kMostAskedForTrial);
  return candidates;
}

// Of the smallest node type that is left memory by the values: nobody uses them yet.
std::int64_t SmallestThatFits(const model::ParameterGroup& group) {
  std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
  for (const catalog::NodeType& type : catalog::NodeTypes()) {
    if (catalog::MaxMemory(type.memory_bytes, group.values).ok()) smallest = std::min(smallest, type.memory_bytes);
  }
  return smallest;
}

std::int64_t MemoryFor(const ParameterGroupChange& change) {
  std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
  const auto count = [&](const std::string& name) {
    if (const auto* type = catalog::FindNodeType(name); type != nullptr)
      smallest = std::min(smallest, type->memory_bytes);
  };
  for (const model::Cluster& user : change.users) {
    count(user.spec.node_type);
    if (user.pending) count(user.pending->node_type);
  }
  return change.users.empty() ? SmallestThatFits(change.group) : smallest;
}

std::vector<std::string> Settings(const ParameterGroupChange& change) {
  std::vector<std::string> settings;
  for (const ParameterDetails& row : DescribeParameters(change.group)) {
    const std::string& name = row.parameter->name;
    const bool changed = std::binary_search(change.parameters.begin(), change.parameters.end(), name);
    if (changed) settings.push_back(fmt::format("{}={}", name, row.value));
  }
  return settings;
}

}  // namespace

std::vector<TrialPlan> PlanTrials(ports::Transaction& transaction, const ParameterGroupChange& change,
                                  const ports::FactSnapshot& facts, MonoTime now) {
  const std::vector<model::Host> hosts = Reachable(transaction, facts, now);
  std::vector<TrialPlan> in_use;
  std::vector<TrialPlan> others;
  std::vector<TrialPlan> nobody;
  for (const catalog::EngineVersion& version : catalog::EngineVersions()) {
    if (version.family != change.group.family) continue;
    const bool used = IsInUse(version, change.users);
    Candidates candidates = CandidatesFor(version, hosts, in_use.size() + others.size());
    auto& plans = used ? in_use : candidates.empty() ? nobody : others;
    plans.push_back({version.engine, version.version, std::move(candidates)});
  }
  in_use.insert(in_use.end(), others.begin(), others.end());
  return in_use.empty() ? nobody : in_use;
}

ports::Trial TrialOf(const ParameterGroupChange& change) {
  return {
      .image = {}, .family = change.group.family, .parameters = change.group.values, .memory_bytes = MemoryFor(change)};
}

Status CheckNotRefused(const ParameterGroupChange& change, const std::vector<ParameterTrial>& trials) {
  std::vector<std::string> refusals;
  for (const ParameterTrial& trial : trials) {
    if (trial.refusal.empty()) continue;
    refusals.push_back(fmt::format("{} {} refuses {}: {}", trial.engine, trial.image_version,
                                   QuotedList(Settings(change)), trial.refusal));
  }
  if (refusals.empty()) return {};
  return InvalidArgument(fmt::format("parameters: {}; nothing was changed", Join(refusals, "; ")));
}

std::string DescribeTried(const std::vector<ParameterTrial>& trials) {
  std::vector<std::string> tried;
  for (const ParameterTrial& trial : trials) {
    if (trial.problem.empty()) tried.push_back(fmt::format("{} {}", trial.engine, trial.image_version));
  }
  return Join(tried, ", ");
}

std::string DescribeUntried(const std::vector<ParameterTrial>& trials) {
  std::vector<std::string> untried;
  for (const ParameterTrial& trial : trials) {
    if (!trial.problem.empty()) untried.push_back(fmt::format("{} {}: {}", trial.engine, trial.version, trial.problem));
  }
  return Join(untried, "; ");
}

}  // namespace cacheplane::service
