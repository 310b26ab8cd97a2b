#include "cache-engine/drivers/directive.h"

#include <algorithm>

namespace cacheplane::engine {
namespace {

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string Quote(const std::string& value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

Result<std::string> RenderDirective(const Directive& directive) {
  std::string line = directive.name;
  for (const std::string& value : directive.values) {
    if (std::any_of(value.begin(), value.end(), IsControl)) {
      return InvalidArgument("the value of " + directive.name + " has control characters");
    }
    line += ' ' + Quote(value);
  }
  return line + '\n';
}

}  // namespace cacheplane::engine
