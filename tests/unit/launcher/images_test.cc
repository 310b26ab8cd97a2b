// Which images are on disk, in what order, and which are left out.
#include "cache-engine/images/images.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace cacheplane::images {
namespace {

namespace fs = std::filesystem;

class Images : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "images-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path Add(const std::string& engine, const std::string& version) {
    const fs::path directory = root_ / (engine + "-" + version);
    Describe(directory, R"({"engine": ")" + engine + R"(", "version": ")" + version + R"("})");
    fs::create_directories(directory / "bin");
    const fs::path server = directory / "bin" / (engine + "-server");
    std::ofstream(server) << "#!/bin/sh\n";
    fs::permissions(server, fs::perms::owner_all);
    return directory;
  }

  static void Describe(const fs::path& directory, const std::string& json) {
    fs::create_directories(directory);
    std::ofstream(directory / "image.json") << json;
  }

  std::string Listed() const {
    std::string names;
    for (const Image& image : ListImages(root_)) names += image.engine + " " + image.full_version + "; ";
    return names;
  }

  fs::path root_;
};

TEST_F(Images, AreSortedByEngineAndVersionNumber) {
  for (const char* version : {"8.0.10", "9.1.2", "8.0.9"}) Add("valkey", version);
  Add("redis", "7.0.15");
  EXPECT_EQ(Listed(), "redis 7.0.15; valkey 8.0.9; valkey 8.0.10; valkey 9.1.2; ");
}

TEST_F(Images, AreLeftOutWhenNotComplete) {
  fs::remove(Add("valkey", "8.0.1") / "image.json");
  fs::remove(Add("valkey", "8.1.1") / "bin" / "valkey-server");
  Describe(root_ / "not-json", "{");
  Describe(root_ / "no-object", "[]");
  Describe(root_ / "no-version", R"({"engine": "valkey"})");
  Describe(root_ / "wrong-kind", R"({"engine": "valkey", "version": 8})");
  EXPECT_EQ(Listed(), "");
}

TEST_F(Images, OfAMissingRootAreNone) { EXPECT_TRUE(ListImages(root_ / "nowhere").empty()); }

TEST_F(Images, AreFoundByFullVersion) {
  const fs::path directory = Add("valkey", "8.0.1");
  const auto image = FindImage(root_, "valkey", "8.0.1");
  ASSERT_TRUE(image.ok()) << image.error().message;
  EXPECT_EQ(*image, (Image{"valkey", "8.0.1", directory}));
  EXPECT_EQ(image->Server(), directory / "bin" / "valkey-server");
}

TEST_F(Images, NotFoundNamesWhatThereIs) {
  Add("valkey", "8.0.1");
  Add("redis", "7.0.15");
  const auto image = FindImage(root_, "valkey", "8.1.1");
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, ErrorCode::kNotFound);
  EXPECT_NE(image.error().message.find("there: redis 7.0.15, valkey 8.0.1"), std::string::npos);
}

TEST_F(Images, RootComesFromTheEnvironment) {
  setenv("CACHEPLANE_IMAGES", root_.c_str(), 1);
  EXPECT_EQ(DefaultRoot(), root_);
  unsetenv("CACHEPLANE_IMAGES");
}

}  // namespace
}  // namespace cacheplane::images
