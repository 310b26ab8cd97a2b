#include <fmt/format.h>

#include <algorithm>

#include "cache-engine/catalog/catalog.h"
#include "common/nearest.h"
#include "common/text.h"

namespace cacheplane::catalog {
namespace {

// Characters of a value that an error repeats.
constexpr std::size_t kLongestShown = 100;

// Only the one way to write a number that engines read too: they refuse "007" and "-0".
std::optional<long long> CanonicalInteger(std::string_view text) {
  const auto number = ParseInt(text);
  if (!number || std::to_string(*number) != text) return std::nullopt;
  return number;
}

// `range` is "20", "lo-hi" or "lo-"; a bound may be negative.
bool InRange(std::string_view range, long long number) {
  const std::size_t dash = range.find('-', 1);
  const auto low = ParseInt(range.substr(0, dash));
  if (!low) return false;
  if (dash == std::string_view::npos) return number == *low;
  const auto high = ParseInt(range.substr(dash + 1));
  return number >= *low && (!high || number <= *high);
}

bool IntegerAllowed(std::string_view allowed, std::string_view value) {
  const auto number = CanonicalInteger(value);
  if (!number) return false;
  const auto ranges = Split(allowed, ',');
  return std::any_of(ranges.begin(), ranges.end(), [&](const std::string& range) { return InRange(range, *number); });
}

bool TextAllowed(std::string_view allowed, std::string_view value) {
  if (allowed.empty()) return false;
  if (allowed.front() == '[') {
    return value.find_first_not_of(allowed.substr(1, allowed.size() - 2)) == std::string_view::npos;
  }
  const auto choices = Split(allowed, ',');
  return std::find(choices.begin(), choices.end(), value) != choices.end();
}

Error Fixed(const Parameter& parameter) {
  const std::string now = parameter.default_value.empty() ? "" : fmt::format("; it is '{}'", parameter.default_value);
  return InvalidArgument(fmt::format("parameter {} cannot be modified{}", parameter.name, now));
}

// "; did you mean 'timeout'?", or nothing.
std::string Suggestion(std::string_view name, const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters) names.push_back(parameter.name);
  const auto nearest = NearestWord(name.substr(0, kLongestShown), names);
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
}

}  // namespace

Status CheckParameterExists(std::string_view family, std::string_view name) {
  const std::vector<Parameter>& parameters = ParametersOf(family);
  if (parameters.empty()) {
    return InvalidArgument(fmt::format("there is no parameter family '{}'", EscapeControl(family)));
  }
  if (FindParameter(family, name) != nullptr) return {};
  return InvalidArgument(fmt::format("parameter family '{}' has no parameter '{}'{}", family,
                                     EscapeControl(name.substr(0, kLongestShown)), Suggestion(name, parameters)));
}

Status ValidateParameter(std::string_view family, std::string_view name, std::string_view value) {
  CP_RETURN_IF_ERROR(CheckParameterExists(family, name));
  const Parameter* found = FindParameter(family, name);
  if (!found->modifiable) return Fixed(*found);
  const bool fits =
      found->type == "integer" ? IntegerAllowed(found->allowed, value) : TextAllowed(found->allowed, value);
  if (fits) return {};
  return InvalidArgument(fmt::format("parameter {} cannot be '{}'; allowed: {}", found->name,
                                     EscapeControl(value.substr(0, kLongestShown)), found->allowed));
}

}  // namespace cacheplane::catalog
