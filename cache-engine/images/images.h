// Engine images on disk: self-contained directories, one per engine version (see cache-engine/images/README.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/result.h"

namespace cacheplane::images {

struct Image {
  std::string engine;        // "valkey"
  std::string full_version;  // "8.0.1"
  std::filesystem::path directory;

  // The program that becomes the engine.
  std::filesystem::path Server() const { return directory / "bin" / (engine + "-server"); }

  bool operator==(const Image&) const = default;
};

// Where deploy/engine-image puts images: $CACHEPLANE_IMAGES; without it /var/cache/cacheplane/images for root, else
// $CACHEPLANE_HOME/images (.cacheplane/images under the current directory when that is not set either).
std::filesystem::path DefaultRoot();

// The image in one directory, from its image.json. kNotFound when the image is not complete (image.json is written
// last), kInternal when image.json is not what deploy/engine-image writes or the server program is missing.
Result<Image> ReadImage(const std::filesystem::path& directory);

// Complete images under `root`, sorted by engine and version; those without a valid image.json are left out.
// No images is an empty list.
std::vector<Image> ListImages(const std::filesystem::path& root);

// kNotFound naming what there is.
Result<Image> FindImage(const std::filesystem::path& root, const std::string& engine, const std::string& full_version);

}  // namespace cacheplane::images
