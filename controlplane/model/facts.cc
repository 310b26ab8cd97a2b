#include "controlplane/model/facts.h"

#include <fmt/format.h>

#include "common/text.h"

namespace cacheplane::model {

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
