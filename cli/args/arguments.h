// What the user gave for one command: flag and positional values by name, already checked against the command's
// description (a number is a number, a duration a duration).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cacheplane::cli {

class Arguments {
 public:
  // Adds a value; a flag that may be repeated has several.
  void Add(const std::string& name, std::string value) { values_[name].push_back(std::move(value)); }
  void SetRest(std::vector<std::string> rest) { rest_ = std::move(rest); }

  // Names are those of the description, without dashes: "node-type", "NAME".
  bool Has(const std::string& name) const { return values_.contains(name); }
  std::optional<std::string> Text(const std::string& name) const;
  std::string TextOr(const std::string& name, const std::string& fallback) const;
  std::optional<int> Number(const std::string& name) const;
  std::optional<bool> Toggle(const std::string& name) const;
  std::optional<std::chrono::milliseconds> Duration(const std::string& name) const;
  // All values of a repeatable or comma-separated flag, without empty ones.
  std::vector<std::string> List(const std::string& name) const;
  // What came after "--".
  const std::vector<std::string>& Rest() const { return rest_; }

 private:
  std::map<std::string, std::vector<std::string>> values_;
  std::vector<std::string> rest_;
};

}  // namespace cacheplane::cli
