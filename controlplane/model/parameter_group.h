// Parameter groups (desired): values of engine parameters that clusters share.
#pragma once

#include <map>
#include <string>

namespace cacheplane::model {

// A default group of a family ("default.valkey8") is never stored: it is what the catalogue says.
struct ParameterGroup {
  std::string name;  // lower case
  std::string family;
  std::string description;
  std::map<std::string, std::string> values{};  // those that were set; all others are the family's defaults
  std::map<std::string, std::string> tags{};

  bool operator==(const ParameterGroup&) const = default;
};

}  // namespace cacheplane::model
