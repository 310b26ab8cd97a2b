// One line of an engine's configuration. The only place that writes values into the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace cacheplane::engine {

struct Directive {
  std::string name;
  std::vector<std::string> values;

  bool operator==(const Directive&) const = default;
};

// `name "value" "value"` and a line end. Every value is quoted, with quotes and backslashes escaped, as the engines'
// sdssplitargs() reads it. kInvalidArgument naming the directive when a value has control characters; the value itself
// is not repeated, for it may be a secret.
Result<std::string> RenderDirective(const Directive& directive);

}  // namespace cacheplane::engine
