// Writes as a tree of histories: every opening of an engine begins a branch where its data end. So it can be said
// exactly whether somebody holds a write, however often the primary changed since.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace cacheplane::sim {

// What an engine holds: the first `length` writes along its branch and that branch's ancestors. Branch 0 is empty.
struct Position {
  std::size_t branch = 0;
  std::int64_t length = 0;

  bool operator==(const Position&) const = default;
};

class Histories {
 public:
  // A new branch that continues `from`.
  Position Fork(const Position& from) {
    branches_.push_back({from.branch, from.length});
    return {branches_.size() - 1, from.length};
  }

  // Everything in `part` is in `whole`.
  bool Contains(const Position& whole, const Position& part) const {
    const Position wanted = Owner(part);
    if (wanted.length == 0) return true;
    Position at = whole;
    while (at.branch != wanted.branch) {
      if (at.branch == 0) return false;
      const Branch& branch = branches_[at.branch];
      at = {branch.parent, std::min(at.length, branch.fork)};
    }
    return at.length >= wanted.length;
  }

 private:
  struct Branch {
    std::size_t parent = 0;
    std::int64_t fork = 0;
  };

  // The same data, named after the branch in which the last of them was written.
  Position Owner(Position at) const {
    while (at.branch != 0 && at.length <= branches_[at.branch].fork) at.branch = branches_[at.branch].parent;
    return at;
  }

  std::vector<Branch> branches_{1};
};

// As an engine reports it: a write is tens of bytes of the stream.
inline constexpr std::int64_t kBytesPerWrite = 40;
inline std::string ReplicationId(const Position& data) { return "history-" + std::to_string(data.branch); }

}  // namespace cacheplane::sim
