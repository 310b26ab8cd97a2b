#include "controlplane/gateway/aws/wire/form.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "controlplane/gateway/aws/wire/utf8.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::size_t kShownBytes = 100;

Fault Malformed(std::string message) { return {"MalformedQueryString", 400, std::move(message)}; }

std::optional<char> HexByte(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) return std::nullopt;
  return static_cast<char>(value);
}

std::optional<std::string> PercentDecoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const auto byte = HexByte(text.substr(i + 1, 2));
    if (!byte) return std::nullopt;
    decoded += *byte;
    i += 2;
  }
  return decoded;
}

std::optional<Fault> Add(std::string_view pair, Form& form) {
  const auto equals = std::min(pair.find('='), pair.size());
  const auto name = PercentDecoded(pair.substr(0, equals));
  const auto value = PercentDecoded(pair.substr(std::min(equals + 1, pair.size())));
  if (!name || !value) return Malformed("a \"%\" is not followed by two hexadecimal digits");
  if (!IsUtf8(*name)) return Malformed("the name of a parameter is not UTF-8");
  if (name->empty()) return Malformed("a parameter has no name");
  if (!IsUtf8(*value)) return Malformed(fmt::format("{}: the value is not UTF-8", Quoted(*name)));
  if (!form.emplace(*name, *value).second) return Malformed(fmt::format("{}: given more than once", Quoted(*name)));
  if (form.size() > kMaxParameters) {
    return Malformed(fmt::format("there are too many parameters; allowed: at most {}", kMaxParameters));
  }
  return std::nullopt;
}

}  // namespace

std::variant<Form, Fault> ParseForm(std::string_view body) {
  Form form;
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    if (end > 0) {
      if (auto fault = Add(body.substr(0, end), form)) return std::move(*fault);
    }
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return form;
}

std::string Quoted(std::string_view value) { return fmt::format("\"{}\"", Shortened(value, kShownBytes)); }

}  // namespace cacheplane::gateway::aws
