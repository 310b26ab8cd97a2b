// Conversions shared by the views. For .cc files only: it needs protobuf's headers.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <map>
#include <string>
#include <vector>

#include "cli/output/format.h"
#include "common/text.h"

namespace cacheplane::cli {

inline WallTime FromProto(const google::protobuf::Timestamp& time) {
  return FromUnixMillis(time.seconds() * 1000 + time.nanos() / 1'000'000);
}

inline std::string Shown(const google::protobuf::Timestamp& time) { return FormatTime(FromProto(time)); }

// Where a second holds many.
inline std::string ShownMillis(const google::protobuf::Timestamp& time) { return FormatTimeMillis(FromProto(time)); }

inline std::string YesNo(bool value) { return value ? "yes" : "no"; }

// Values of a repeated string field, separated by commas.
template <typename Repeated>
std::string Joined(const Repeated& values) {
  return Join(std::vector<std::string>(values.begin(), values.end()), ", ");
}

// "env=dev, team=core": a map of texts in order of its keys.
template <typename Map>
std::string PairsOf(const Map& map) {
  std::vector<std::string> pairs;
  for (const auto& [key, value] : std::map<std::string, std::string>(map.begin(), map.end())) {
    pairs.push_back(key + "=" + value);
  }
  return Join(pairs, ", ");
}

// Name of each message of a repeated field.
template <typename Repeated>
std::vector<std::string> NamesOf(const Repeated& messages) {
  std::vector<std::string> names;
  for (const auto& message : messages) names.push_back(message.name());
  return names;
}

}  // namespace cacheplane::cli
