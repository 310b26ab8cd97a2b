// Small text helpers shared by every part.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cacheplane {

// Parts between separators, empty ones included; "" gives one empty part.
std::vector<std::string> Split(std::string_view text, char separator);

std::string Join(const std::vector<std::string>& parts, std::string_view separator);

// ASCII only.
std::string ToLower(std::string_view text);

std::string_view Trim(std::string_view text);

// Whole text, decimal, no sign games: "12" yes, "+12", "12 ", "" no.
std::optional<long long> ParseInt(std::string_view text);

// To compare versions by: "8.0.10" comes after "8.0.9". What is no number counts as 0.
std::vector<long long> VersionNumbers(std::string_view version);

// With two decimals: "0.50 GiB".
std::string InGibibytes(std::int64_t bytes);

// Control characters (below 0x20, and 0x7f) become \xNN.
std::string EscapeControl(std::string_view text);

}  // namespace cacheplane
