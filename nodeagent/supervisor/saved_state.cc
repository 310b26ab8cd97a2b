#include "nodeagent/supervisor/saved_state.h"

#include <nlohmann/json.hpp>

namespace cacheplane::agent {

using Json = nlohmann::json;

std::string ToJson(const SavedState& state) {
  const Json json = {{"pid", state.process.pid},
                     {"start_time", state.process.start_time},
                     {"epoch", state.epoch},
                     {"boot", state.boot},
                     {"uid", state.uid},
                     {"starts", state.starts},
                     {"clean_stop_epoch", state.clean_stop_epoch},
                     {"save_requested", state.save_requested}};
  return json.dump(2) + "\n";
}

Result<SavedState> ParseSavedState(std::string_view json) {
  try {
    const Json object = Json::parse(json);
    SavedState state;
    object.at("pid").get_to(state.process.pid);
    object.at("start_time").get_to(state.process.start_time);
    object.at("epoch").get_to(state.epoch);
    object.at("boot").get_to(state.boot);
    object.at("uid").get_to(state.uid);
    object.at("starts").get_to(state.starts);
    object.at("clean_stop_epoch").get_to(state.clean_stop_epoch);
    object.at("save_requested").get_to(state.save_requested);
    return state;
  } catch (const Json::exception& error) {
    return InvalidArgument(error.what());
  }
}

}  // namespace cacheplane::agent
