#include "common/nearest.h"

#include <gtest/gtest.h>

namespace cacheplane::cli {
namespace {

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(EditDistance("", ""), 0U);
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("create", "create"), 0U);
  EXPECT_EQ(EditDistance("crate", "create"), 1U);
  EXPECT_EQ(EditDistance("craete", "create"), 1U);
  EXPECT_EQ(EditDistance("list", "lost"), 1U);
}

TEST(NearestWord, FindsTheMistyped) {
  const std::vector<std::string> verbs = {"create", "modify", "delete", "describe", "list", "connect"};
  EXPECT_EQ(NearestWord("crate", verbs), "create");
  EXPECT_EQ(NearestWord("lsit", verbs), "list");
  EXPECT_EQ(NearestWord("desc", verbs), "describe");
  EXPECT_EQ(NearestWord("delet", verbs), "delete");
}

TEST(NearestWord, PrefersASlipToAWordWithMoreBehindIt) {
  const std::vector<std::string> names = {"maxmemory", "maxmemory-policy"};
  EXPECT_EQ(NearestWord("maxmemory-polcy", names), "maxmemory-policy");
  EXPECT_EQ(NearestWord("maxmemory-in-bytes", names), "maxmemory");
}

TEST(NearestWord, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(NearestWord("frobnicate", {"create", "list"}), std::nullopt);
  EXPECT_EQ(NearestWord("zz", {"ls", "list"}), std::nullopt);
  EXPECT_EQ(NearestWord("create", {}), std::nullopt);
}

}  // namespace
}  // namespace cacheplane::cli
