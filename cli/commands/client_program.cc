#include "cli/commands/client_program.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "common/text.h"

namespace cacheplane::cli {
namespace {

namespace fs = std::filesystem;

bool IsProgram(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && access(file.c_str(), X_OK) == 0;
}

std::vector<fs::path> Subdirectories(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) found.push_back(entry.path());
  std::sort(found.rbegin(), found.rend());
  return found;
}

std::optional<std::string> FindIn(const std::vector<fs::path>& directories, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    for (const fs::path& directory : directories) {
      if (IsProgram(directory / name)) return (directory / name).string();
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> ClientPrograms(const std::string& engine) {
  if (engine == "redis") return {"redis-cli", "valkey-cli"};
  return {"valkey-cli", "redis-cli"};
}

std::optional<std::string> FindInPath(const std::string& path, const std::vector<std::string>& names) {
  std::vector<fs::path> directories;
  for (const std::string& directory : Split(path, ':')) directories.emplace_back(directory.empty() ? "." : directory);
  return FindIn(directories, names);
}

std::optional<std::string> FindInImages(const fs::path& images, const std::vector<std::string>& names) {
  std::vector<fs::path> directories;
  for (const fs::path& image : Subdirectories(images)) directories.push_back(image / "bin");
  return FindIn(directories, names);
}

}  // namespace cacheplane::cli
