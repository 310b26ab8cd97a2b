#include "cache-engine/drivers/acl.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cacheplane::engine {
namespace {

bool Contains(const std::vector<std::string>& rules, const std::string& rule) {
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

TEST(UserDirectives, HoldTheHashAndNeverThePassword) {
  const auto users = UserDirectives("valkey", {8, 0}, "secret");
  ASSERT_TRUE(users.ok());
  ASSERT_EQ(users->size(), 2u);
  EXPECT_EQ(users->at(0),
            (Directive{"user",
                       {"cacheplane", "on", "#2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "~*",
                        "&*", "+@all"}}));
  for (const Directive& user : *users) EXPECT_FALSE(Contains(user.values, "secret"));
  EXPECT_EQ(users->at(1).values.front(), "default");
}

TEST(UserDirectives, NeedAPassword) {
  EXPECT_EQ(UserDirectives("valkey", {8, 0}, "").error().code, ErrorCode::kInvalidArgument);
}

TEST(UserDirectives, NameChannelsOnlyWhereThereAreSome) {
  EXPECT_FALSE(Contains(UserDirectives("redis", {6, 0}, "x")->at(0).values, "&*"));
  EXPECT_TRUE(Contains(UserDirectives("redis", {7, 0}, "x")->at(1).values, "&*"));
}

TEST(WithheldRules, NameOnlyWhatTheVersionHas) {
  const auto redis6 = WithheldRules("redis", {6, 0});
  EXPECT_TRUE(Contains(redis6, "-acl"));
  EXPECT_TRUE(Contains(redis6, "+acl|whoami"));
  EXPECT_FALSE(Contains(redis6, "-failover"));
  EXPECT_TRUE(Contains(WithheldRules("redis", {8, 0}), "-failover"));
  EXPECT_FALSE(Contains(WithheldRules("valkey", {8, 1}), "-cluster|migrateslots"));
  EXPECT_TRUE(Contains(WithheldRules("valkey", {9, 1}), "-cluster|migrateslots"));
}

TEST(WithheldRules, AlwaysIncludeTheDangerousOnes) {
  for (const auto& [engine, version] : std::vector<std::pair<std::string, Version>>{
           {"redis", {6, 0}}, {"redis", {7, 0}}, {"redis", {8, 0}}, {"valkey", {8, 0}}, {"valkey", {9, 1}}}) {
    for (const char* rule :
         {"-config", "-debug", "-replicaof", "-slaveof", "-shutdown", "-psync", "-sync", "-module"}) {
      EXPECT_TRUE(Contains(WithheldRules(engine, version), rule)) << engine << version.major_number << rule;
    }
  }
}

}  // namespace
}  // namespace cacheplane::engine
