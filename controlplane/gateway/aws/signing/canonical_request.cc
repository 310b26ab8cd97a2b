#include "controlplane/gateway/aws/signing/canonical_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/text.h"

namespace cacheplane::gateway::aws {
namespace {

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += IsUnreserved(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// A "%" that begins no escape is itself.
std::string Unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = high ? HexDigit(text[i + 2]) : std::nullopt;
    plain += low ? static_cast<char>(*high * 16 + *low) : text[i];
    if (low) i += 2;
  }
  return plain;
}

std::string CollapseBlanks(std::string_view text) {
  std::string collapsed;
  for (const char c : Trim(text)) {
    if (c != ' ' || collapsed.back() != ' ') collapsed += c;
  }
  return collapsed;
}

}  // namespace

std::string CanonicalPath(std::string_view path) {
  std::vector<std::string> kept;
  for (const std::string& segment : Split(path, '/')) {
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") kept.push_back(Escape(segment));
  }
  const bool ends_open = !kept.empty() && path.ends_with('/');
  return "/" + Join(kept, "/") + (ends_open ? "/" : "");
}

std::string CanonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string& parameter : Split(query, '&')) {
    if (parameter.empty()) continue;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::size_t value = std::min(equals + 1, parameter.size());
    parameters.emplace_back(Escape(Unescape(parameter.substr(0, equals))), Escape(Unescape(parameter.substr(value))));
  }
  std::sort(parameters.begin(), parameters.end());
  std::vector<std::string> texts;
  for (const auto& [name, value] : parameters) texts.push_back(name + "=" + value);
  return Join(texts, "&");
}

std::optional<std::string> CanonicalHeader(const HttpHeaders& headers, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [header, value] : headers) {
    if (header == name) values.push_back(CollapseBlanks(value));
  }
  if (values.empty()) return std::nullopt;
  return Join(values, ",");
}

std::string CanonicalRequest(const HttpRequest& request, std::vector<std::string> headers,
                             const std::string& payload_hash) {
  std::sort(headers.begin(), headers.end());
  std::string lines;
  for (const std::string& name : headers) {
    if (const auto value = CanonicalHeader(request.headers, name)) lines += fmt::format("{}:{}\n", name, *value);
  }
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, CanonicalPath(request.path),
                     CanonicalQuery(request.query), lines, Join(headers, ";"), payload_hash);
}

}  // namespace cacheplane::gateway::aws
