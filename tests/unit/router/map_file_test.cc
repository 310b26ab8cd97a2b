#include "nodeagent/network/map_file.h"

#include <gtest/gtest.h>

#include "common/file.h"
#include "common/random_id.h"

namespace cacheplane::network {
namespace {

const EndpointMap kMap{18446744073709551615ULL,
                       {{{"127.20.0.5", 6379}, {{"127.20.1.1", 6379}}},
                        {{"127.20.0.6", 11211}, {{"127.20.1.1", 1}, {"127.20.1.2", 65535}}}},
                       {{{"127.20.0.5", 6379}, {{"127.20.1.3", 6379}, 17}}}};

class MapFile : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("router-map-" + RandomHex(6));
  const std::filesystem::path file_ = directory_ / "endpoints.json";
};

TEST_F(MapFile, RoundTrip) {
  ASSERT_TRUE(SaveMap(file_, kMap).ok());
  EXPECT_EQ(*LoadMap(file_), kMap);
}

TEST_F(MapFile, MissingIsTheEmptyMapOfVersionZero) { EXPECT_EQ(*LoadMap(file_), EndpointMap{}); }

TEST_F(MapFile, DamagedIsAnError) {
  const std::string whole = MapToJson(kMap);
  for (const std::string& text :
       {std::string(), whole.substr(0, whole.size() / 2), std::string("[]"),
        std::string(R"({"version":1,"endpoints":[{"address":"x","port":1,"targets":[]}]})")}) {
    ASSERT_TRUE(ReplaceFile(file_, text).ok());
    const auto map = LoadMap(file_);
    ASSERT_FALSE(map.ok()) << text;
    EXPECT_EQ(map.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace cacheplane::network
