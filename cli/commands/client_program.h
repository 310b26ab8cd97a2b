// Finding valkey-cli or redis-cli on this machine.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cacheplane::cli {

// The engine's own program first; the other one speaks the same protocol.
std::vector<std::string> ClientPrograms(const std::string& engine);

// The first program of `names` in a directory of `path` ("a:b:c"), trying all directories for one name before the next.
std::optional<std::string> FindInPath(const std::string& path, const std::vector<std::string>& names);

// The same in the bin directories of the engine images under `images` (cache-engine/images); of several images the
// last in order of their names.
std::optional<std::string> FindInImages(const std::filesystem::path& images, const std::vector<std::string>& names);

}  // namespace cacheplane::cli
