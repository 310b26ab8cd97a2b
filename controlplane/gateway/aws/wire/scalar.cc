#include "controlplane/gateway/aws/wire/scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/text.h"
#include "controlplane/gateway/aws/wire/form.h"
#include "controlplane/gateway/aws/wire/iso_time.h"
#include "controlplane/gateway/aws/wire/utf8.h"

namespace cacheplane::gateway::aws {
namespace {

template <typename Number>
std::optional<Number> WholeText(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Json> Boolean(const std::string& text) {
  const std::string lower = ToLower(text);
  if (lower != "true" && lower != "false") return std::nullopt;
  return Json(lower == "true");
}

std::optional<Json> Integer(const std::string& text) {
  const auto number = WholeText<std::int32_t>(text);
  return number ? std::optional<Json>(*number) : std::nullopt;
}

std::optional<Json> Double(const std::string& text) {
  const auto number = WholeText<double>(text);
  return number && std::isfinite(*number) ? std::optional<Json>(*number) : std::nullopt;
}

std::optional<Json> String(const Shape& shape, const std::string& text) {
  const bool fits =
      shape.allowed.empty() || std::find(shape.allowed.begin(), shape.allowed.end(), text) != shape.allowed.end();
  // What no answer could tell again is not taken.
  return fits && IsXmlText(text) ? std::optional<Json>(text) : std::nullopt;
}

std::optional<Json> Parse(const Shape& shape, const std::string& text) {
  switch (shape.kind) {
    case Kind::kString: return String(shape, text);
    case Kind::kInteger: return Integer(text);
    case Kind::kDouble: return Double(text);
    case Kind::kBoolean: return Boolean(text);
    case Kind::kTimestamp: return ParseIsoTime(text) ? std::optional<Json>(text) : std::nullopt;
    case Kind::kStructure:
    case Kind::kList: break;
  }
  return std::nullopt;
}

std::string AllowedBy(const Shape& shape) {
  switch (shape.kind) {
    case Kind::kInteger: return "a whole number of 32 bits";
    case Kind::kDouble: return "a finite number";
    case Kind::kBoolean: return "true, false";
    case Kind::kTimestamp: return "a time in ISO 8601, such as 2026-01-02T03:04:05Z";
    case Kind::kString:
    case Kind::kStructure:
    case Kind::kList: break;
  }
  if (!shape.allowed.empty()) return Join(shape.allowed, ", ");
  return "text without control characters, U+FFFE and U+FFFF";
}

}  // namespace

std::variant<Json, Fault> ParseScalar(const Shape& shape, const std::string& parameter, const std::string& text) {
  auto value = Parse(shape, text);
  if (value) return *std::move(value);
  return InvalidParameterValue(
      fmt::format("{}: {} is not allowed; allowed: {}", parameter, Quoted(text), AllowedBy(shape)));
}

}  // namespace cacheplane::gateway::aws
