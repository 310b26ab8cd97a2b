// Files that must survive a crash: read whole, or replace whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/result.h"

namespace cacheplane {

// kNotFound when there is none.
Result<std::string> ReadFile(const std::filesystem::path& path);

// Replaces `path` whole, as another process sees it; a crash of the host may leave the old content, or none.
Status PlaceFile(const std::filesystem::path& path, std::string_view content, unsigned mode = 0600);

// Writes a temporary file beside `path`, syncs it, renames it over `path` and syncs the directory: after a crash
// the file has its old or its new content, whole. `mode` as for open(2).
Status ReplaceFile(const std::filesystem::path& path, std::string_view content, unsigned mode = 0600);

}  // namespace cacheplane
