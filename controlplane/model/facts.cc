#include "controlplane/model/facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"

namespace cacheplane::model {
namespace {

// An engine that nobody wrote to is at 0 or 1.
constexpr std::int64_t kNothingWritten = 1;

NodeFacts WithoutMeters(NodeFacts facts) {
  facts.replication_offset = std::clamp<std::int64_t>(facts.replication_offset, kNothingWritten, kNothingWritten + 1);
  facts.used_memory_bytes = 0;
  facts.link_down_seconds = 0;
  for (ReplicaFacts& replica : facts.replicas) replica.acknowledged_offset = 0;
  return facts;
}

}  // namespace

std::string_view ProcessStateName(ProcessState state) {
  switch (state) {
    case ProcessState::kStopped: return "stopped";
    case ProcessState::kStarting: return "starting";
    case ProcessState::kRunning: return "running";
    case ProcessState::kHung: return "hung";
    case ProcessState::kErased: return "erased";
  }
  return "";
}

std::string_view AdmissionName(Admission admission) {
  switch (admission) {
    case Admission::kOpen: return "open";
    case Admission::kCordoned: return "cordoned";
    case Admission::kDraining: return "draining";
  }
  return "";
}

bool IsNews(const NodeFacts& before, const NodeFacts& now) {
  return before != now && WithoutMeters(before) != WithoutMeters(now);
}

bool IsNews(const NodeFactsMap& before, const NodeFactsMap& now) {
  return !std::equal(before.begin(), before.end(), now.begin(), now.end(), [](const auto& one, const auto& other) {
    return one.first == other.first && !IsNews(one.second, other.second);
  });
}

bool IsNewer(std::string_view version, std::string_view other) {
  return VersionNumbers(version) > VersionNumbers(other);
}

std::string NewestImage(const Host& host, std::string_view engine, std::string_view version) {
  std::string newest;
  for (const Image& image : host.images) {
    const bool is_one = image.engine == engine && image.version.starts_with(fmt::format("{}.", version));
    if (is_one && (newest.empty() || IsNewer(image.version, newest))) newest = image.version;
  }
  return newest;
}

}  // namespace cacheplane::model
