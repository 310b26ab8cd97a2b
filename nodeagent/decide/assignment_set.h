// The agent's assignments and how an update changes them. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

struct AssignmentSet {
  std::uint64_t revision = 0;                       // 0: never had one
  std::map<std::string, Assignment> assignments{};  // by incarnation

  bool operator==(const AssignmentSet&) const = default;
};

struct Merged {
  AssignmentSet set{};
  // One line per assignment that was left out because it breaks the contract (names.h).
  std::vector<std::string> refused{};

  bool operator==(const Merged&) const = default;
};

// The update is a change to another revision than ours.
struct NeedsWholeSet {
  bool operator==(const NeedsWholeSet&) const = default;
};

using MergeResult = std::variant<Merged, NeedsWholeSet>;

// A whole set replaces everything, whatever its revision: the store is the truth. A change applies to exactly its
// base. An invalid assignment leaves what is known of that incarnation as it was.
MergeResult Merge(const AssignmentSet& current, const AssignmentUpdate& update);

}  // namespace cacheplane::agent
