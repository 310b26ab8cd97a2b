#include "cache-engine/drivers/directive.h"

#include <gtest/gtest.h>

#include "cache-engine/drivers/version.h"

namespace cacheplane::engine {
namespace {

TEST(RenderDirective, QuotesEveryValue) {
  EXPECT_EQ(*RenderDirective({"save", {""}}), "save \"\"\n");
  EXPECT_EQ(*RenderDirective({"user", {"a b", "#1"}}), "user \"a b\" \"#1\"\n");
  EXPECT_EQ(*RenderDirective({"masterauth", {"\"; include /etc/passwd \\"}}),
            "masterauth \"\\\"; include /etc/passwd \\\\\"\n");
}

TEST(RenderDirective, RefusesControlCharactersWithoutRepeatingTheValue) {
  for (const std::string value : {"a\nb", "a\rb", "\t", "\x1b", "\x7f"}) {
    const auto line = RenderDirective({"masterauth", {"secret" + value}});
    ASSERT_FALSE(line.ok());
    EXPECT_EQ(line.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(line.error().message, "the value of masterauth has control characters");
  }
  EXPECT_FALSE(RenderDirective({"masterauth", {std::string("a\0b", 3)}}).ok());
}

TEST(ParseVersion, ReadsMajorAndMinor) {
  EXPECT_EQ(*ParseVersion("8.0.1"), (Version{8, 0}));
  EXPECT_EQ(*ParseVersion("9.1"), (Version{9, 1}));
  EXPECT_LT(*ParseVersion("6.0.16"), kRedis7);
  for (const char* text : {"", "8", "8.", ".0", "8.0.", "8.0.1.2", "8.x", "-8.0", "8.0.1-rc1", "8.00000", "99999.0"}) {
    EXPECT_FALSE(ParseVersion(text).ok()) << text;
  }
}

}  // namespace
}  // namespace cacheplane::engine
