#include "cache-engine/images/images.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <tuple>

#include "common/file.h"
#include "common/text.h"

namespace cacheplane::images {
namespace {

bool EngineAndVersionLess(const Image& a, const Image& b) {
  return std::tuple(a.engine, VersionNumbers(a.full_version)) < std::tuple(b.engine, VersionNumbers(b.full_version));
}

Result<Image> ParseDescription(const std::filesystem::path& directory, const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto field = [&json](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : "";
  };
  Image image{field("engine"), field("version"), directory};
  if (image.engine.empty() || image.full_version.empty()) {
    return Internal(fmt::format("{}/image.json names no engine and version", directory.string()));
  }
  return image;
}

std::string Describe(const std::vector<Image>& images) {
  std::vector<std::string> names;
  for (const Image& image : images) names.push_back(image.engine + " " + image.full_version);
  return names.empty() ? "none" : Join(names, ", ");
}

}  // namespace

std::filesystem::path DefaultRoot() {
  if (const char* images = std::getenv("CACHEPLANE_IMAGES"); images != nullptr && *images != '\0') {
    return std::filesystem::absolute(images);
  }
  if (geteuid() == 0) return "/var/cache/cacheplane/images";
  const char* home = std::getenv("CACHEPLANE_HOME");
  return std::filesystem::absolute(home != nullptr && *home != '\0' ? home : ".cacheplane") / "images";
}

Result<Image> ReadImage(const std::filesystem::path& directory) {
  CP_ASSIGN_OR_RETURN(const std::string text, ReadFile(directory / "image.json"));
  CP_ASSIGN_OR_RETURN(Image image, ParseDescription(directory, text));
  if (access(image.Server().c_str(), X_OK) != 0) {
    return Internal(fmt::format("{} is missing or not executable", image.Server().string()));
  }
  return image;
}

std::vector<Image> ListImages(const std::filesystem::path& root) {
  std::vector<Image> images;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
    if (auto image = ReadImage(entry.path()); image.ok()) images.push_back(std::move(*image));
  }
  std::sort(images.begin(), images.end(), EngineAndVersionLess);
  return images;
}

Result<Image> FindImage(const std::filesystem::path& root, const std::string& engine, const std::string& full_version) {
  const std::vector<Image> images = ListImages(root);
  for (const Image& image : images) {
    if (image.engine == engine && image.full_version == full_version) return image;
  }
  return NotFound(fmt::format("no image of {} {} under {} (there: {}); deploy/engine-image makes them", engine,
                              full_version, root.string(), Describe(images)));
}

}  // namespace cacheplane::images
