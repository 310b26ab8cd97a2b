// The small languages inside flag values. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace cacheplane::cli {

// A whole number that fits 32 bits: "0", "-1", "6379".
std::optional<int> ParseNumber(std::string_view text);

// Whether protobuf would take it as a string.
bool IsUtf8(std::string_view text);

// "90s", "5m", "1h30m", "250ms"; a bare number means seconds. Not negative, at most a year.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

// "a,b , c" → a, b, c; empty parts are dropped.
std::vector<std::string> ParseCommaList(std::string_view text);

// "team=core" each; the value may be empty or hold further "="; the key may not be empty, nor given twice.
// kInvalidArgument naming the text, as a `what` such as "parameter".
Result<std::map<std::string, std::string>> ParsePairs(std::string_view what, const std::vector<std::string>& texts);
Result<std::map<std::string, std::string>> ParseTags(const std::vector<std::string>& texts);

struct IngressRule {
  std::string protocol;
  int from_port = 0;
  int to_port = 0;
  std::string cidr;
  std::string description;

  bool operator==(const IngressRule&) const = default;
};

// "tcp:6379-6380:10.0.0.0/8" or "tcp:6379:10.0.0.0/8", optionally ":" and a description. Which protocols, ports and
// ranges are allowed is the server's business. kInvalidArgument naming the text.
Result<IngressRule> ParseIngress(std::string_view text);

// The inverse of ParseIngress.
std::string FormatIngress(const IngressRule& rule);

}  // namespace cacheplane::cli
