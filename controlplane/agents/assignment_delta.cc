#include "controlplane/agents/assignment_delta.h"

#include <algorithm>
#include <utility>

namespace cacheplane::agents {
namespace {

// Reports that may speak of another revision than the one sent: more than can be on their way.
constexpr int kPatience = 20;

}  // namespace

AssignmentDelta Delta(const std::vector<model::Assignment>& from, const std::vector<model::Assignment>& to) {
  AssignmentDelta delta;
  auto before = from.begin();
  for (const model::Assignment& wanted : to) {
    for (; before != from.end() && before->incarnation < wanted.incarnation; ++before) {
      delta.removed.push_back(before->incarnation);
    }
    const bool known = before != from.end() && before->incarnation == wanted.incarnation;
    if (!known || *before != wanted) delta.changed.push_back(wanted);
    if (known) ++before;
  }
  for (; before != from.end(); ++before) delta.removed.push_back(before->incarnation);
  return delta;
}

std::vector<model::Assignment> SortedByIncarnation(std::vector<model::Assignment> assignments) {
  std::sort(assignments.begin(), assignments.end(),
            [](const auto& a, const auto& b) { return a.incarnation < b.incarnation; });
  return assignments;
}

void AssignmentStream::SetTarget(std::shared_ptr<const AssignmentTarget> target) {
  if (target_ != nullptr && target->revision < target_->revision) return;
  target_ = std::move(target);
}

void AssignmentStream::Heard(std::uint64_t revision, bool needs_whole_set) {
  if (sent_ == nullptr) return;
  const bool caught_up = revision == sent_->revision;
  if (caught_up) confirmed_ = revision;
  behind_ = caught_up ? 0 : behind_ + 1;
  // Before its first confirmation the agent still speaks of what it carried out before this session.
  const bool astray = confirmed_ != 0 && (revision < confirmed_ || revision > sent_->revision);
  if (needs_whole_set || astray || behind_ >= kPatience) StartOver();
}

void AssignmentStream::StartOver() {
  sent_ = nullptr;
  confirmed_ = 0;
  behind_ = 0;
}

std::optional<AssignmentSet> AssignmentStream::Next() {
  if (target_ == nullptr || target_ == sent_) return std::nullopt;
  AssignmentSet set{.revision = target_->revision, .base_revision = 0, .assignments = {}, .removed = {}};
  if (sent_ == nullptr) {
    set.assignments = target_->assignments;
  } else {
    AssignmentDelta delta = Delta(sent_->assignments, target_->assignments);
    if (delta.empty()) return std::nullopt;  // changed and changed back: the agent's revision stays the base
    set.base_revision = sent_->revision;
    set.assignments = std::move(delta.changed);
    set.removed = std::move(delta.removed);
  }
  sent_ = target_;
  behind_ = 0;
  return set;
}

}  // namespace cacheplane::agents
