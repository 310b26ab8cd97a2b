#include "cli/args/arguments.h"

#include "cli/args/values.h"
#include "common/text.h"

namespace cacheplane::cli {

std::optional<std::string> Arguments::Text(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::string Arguments::TextOr(const std::string& name, const std::string& fallback) const {
  return Text(name).value_or(fallback);
}

std::optional<int> Arguments::Number(const std::string& name) const {
  const std::optional<std::string> text = Text(name);
  return text ? ParseNumber(*text) : std::nullopt;
}

std::optional<bool> Arguments::Toggle(const std::string& name) const {
  const std::optional<std::string> text = Text(name);
  if (!text) return std::nullopt;
  return *text == "true";
}

std::optional<std::chrono::milliseconds> Arguments::Duration(const std::string& name) const {
  const std::optional<std::string> text = Text(name);
  return text ? ParseDuration(*text) : std::nullopt;
}

std::vector<std::string> Arguments::List(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return {};
  std::vector<std::string> values;
  for (const std::string& value : found->second) {
    if (!value.empty()) values.push_back(value);
  }
  return values;
}

}  // namespace cacheplane::cli
