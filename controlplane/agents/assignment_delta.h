// What an agent must be told so that it knows its newest assignments: pure values, no streams.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "controlplane/agents/messages.h"

namespace cacheplane::agents {

// An agent's whole set, sorted by incarnation, and the revision it was given.
struct AssignmentTarget {
  std::uint64_t revision = 0;
  std::vector<model::Assignment> assignments;

  bool operator==(const AssignmentTarget&) const = default;
};

struct AssignmentDelta {
  std::vector<model::Assignment> changed;   // new or different
  std::vector<model::Incarnation> removed;  // no longer assigned

  bool operator==(const AssignmentDelta&) const = default;
  bool empty() const { return changed.empty() && removed.empty(); }
};

// Both sets sorted by incarnation; so is the answer.
AssignmentDelta Delta(const std::vector<model::Assignment>& from, const std::vector<model::Assignment>& to);

std::vector<model::Assignment> SortedByIncarnation(std::vector<model::Assignment> assignments);

// One session's view: what its agent was sent, and so what comes next. Only the newest target matters; the targets
// between are never sent. Messages arrive in order, so a set counts as known to the agent once sent, unless the agent
// says otherwise. Not thread-safe.
class AssignmentStream {
 public:
  // A target with a lower revision than the one held is dropped.
  void SetTarget(std::shared_ptr<const AssignmentTarget> target);

  // The agent reported the revision it carries out. The next message is a whole set when it asks for one, falls back
  // behind a revision that it had confirmed, claims one that was not sent, or stays behind for many reports.
  void Heard(std::uint64_t revision, bool needs_whole_set);

  // The next message, which then counts as sent; nothing when there is nothing to say. The first is a whole set.
  std::optional<AssignmentSet> Next();

  // What the agent was sent last, as a whole; null before the first.
  const AssignmentTarget* Sent() const { return sent_.get(); }

 private:
  void StartOver();

  std::shared_ptr<const AssignmentTarget> target_;
  std::shared_ptr<const AssignmentTarget> sent_;
  std::uint64_t confirmed_ = 0;  // since the last whole set
  int behind_ = 0;               // reports in a row that did not confirm what was sent last
};

}  // namespace cacheplane::agents
