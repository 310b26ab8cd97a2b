#include "controlplane/model/facts.h"

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

}  // namespace cacheplane::model
