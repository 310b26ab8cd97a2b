// A hash that is the same in every run and version of the program: what is derived from it may be stored.
#pragma once

#include <cstdint>
#include <string_view>

namespace cacheplane::service {

// FNV-1a, 64 bits.
constexpr std::uint64_t StableHash(std::string_view text, std::uint64_t basis = 14695981039346656037ULL) {
  for (const char c : text) basis = (basis ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return basis;
}

}  // namespace cacheplane::service
