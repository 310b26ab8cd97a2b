#include "nodeagent/decide/assignment_set.h"

#include <fmt/format.h>

#include "nodeagent/decide/names.h"

namespace cacheplane::agent {
namespace {

void Put(const Assignment& assignment, const AssignmentSet& current, Merged& merged) {
  if (const Status valid = CheckAssignment(assignment); !valid.ok()) {
    merged.refused.push_back(
        fmt::format("assignment {}/{}: {}", assignment.node, assignment.incarnation, valid.error().message));
    // Nothing lost by a message that was damaged: the last valid wish for this incarnation stands.
    if (const auto known = current.assignments.find(assignment.incarnation); known != current.assignments.end()) {
      merged.set.assignments.insert(*known);
    }
    return;
  }
  merged.set.assignments.insert_or_assign(assignment.incarnation, assignment);
}

}  // namespace

MergeResult Merge(const AssignmentSet& current, const AssignmentUpdate& update) {
  const bool whole = update.base_revision == 0;
  if (!whole && update.base_revision != current.revision) return NeedsWholeSet{};
  Merged merged;
  if (!whole) merged.set = current;
  merged.set.revision = update.revision;
  for (const Assignment& assignment : update.assignments) Put(assignment, current, merged);
  for (const std::string& incarnation : update.removed_incarnations) merged.set.assignments.erase(incarnation);
  return merged;
}

}  // namespace cacheplane::agent
