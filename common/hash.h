// A hash that is the same in every process and version: for names and for noticing damage, not against attackers.
#pragma once

#include <cstdint>
#include <string_view>

namespace cacheplane {

// FNV-1a, 64 bits (RFC 9923).
constexpr std::uint64_t StableHash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace cacheplane
