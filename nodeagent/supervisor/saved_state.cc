#include "nodeagent/supervisor/saved_state.h"

#include <nlohmann/json.hpp>

namespace cacheplane::agent {

using Json = nlohmann::json;

std::string ToJson(const SavedState& state) {
  const Json json = {{"epoch", state.epoch},
                     {"boot", state.boot},
                     {"uid", state.uid},
                     {"starts", state.starts},
                     {"renewal", state.renewal},
                     {"clean_stop_epoch", state.clean_stop_epoch},
                     {"save_requested_ms", state.save_requested_ms},
                     {"handover_failed_epoch", state.handover_failed_epoch},
                     {"cut_epoch", state.cut_epoch},
                     {"admitted_epoch", state.admitted_epoch}};
  return json.dump(2) + "\n";
}

std::string ToJson(const ProcessId& process) {
  return Json{{"pid", process.pid}, {"start_time", process.start_time}}.dump() + "\n";
}

Result<SavedState> ParseSavedState(std::string_view json) {
  try {
    const Json object = Json::parse(json);
    SavedState state;
    object.at("epoch").get_to(state.epoch);
    object.at("boot").get_to(state.boot);
    object.at("uid").get_to(state.uid);
    object.at("starts").get_to(state.starts);
    object.at("clean_stop_epoch").get_to(state.clean_stop_epoch);
    state.save_requested_ms = object.value("save_requested_ms", std::int64_t{0});
    state.handover_failed_epoch = object.value("handover_failed_epoch", std::uint64_t{0});
    state.cut_epoch = object.value("cut_epoch", std::uint64_t{0});
    state.renewal = object.value("renewal", std::uint64_t{0});
    state.admitted_epoch = object.value("admitted_epoch", std::uint64_t{0});
    return state;
  } catch (const Json::exception& error) {
    return InvalidArgument(error.what());
  }
}

Result<ProcessId> ParseProcessId(std::string_view json) {
  try {
    const Json object = Json::parse(json);
    return ProcessId{object.at("pid").get<pid_t>(), object.at("start_time").get<std::uint64_t>()};
  } catch (const Json::exception& error) {
    return InvalidArgument(error.what());
  }
}

}  // namespace cacheplane::agent
