// Times as callers write them.
#pragma once

#include <string_view>

namespace cacheplane::gateway::aws {

// Whether `text` is ISO 8601 as SDKs send it: "2026-01-02T03:04:05Z", with an optional fraction of up to nine digits,
// and "Z" or an offset such as "+02:00". The day must exist; a 60th second is not taken.
bool IsTimestamp(std::string_view text);

}  // namespace cacheplane::gateway::aws
