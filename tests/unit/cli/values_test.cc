#include "cli/args/values.h"

#include <gtest/gtest.h>

namespace cacheplane::cli {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, TakesUnitsAndSumsOfThem) {
  EXPECT_EQ(ParseDuration("250ms"), milliseconds(250));
  EXPECT_EQ(ParseDuration("90s"), milliseconds(90'000));
  EXPECT_EQ(ParseDuration("5m"), milliseconds(300'000));
  EXPECT_EQ(ParseDuration("1h30m"), milliseconds(5'400'000));
  EXPECT_EQ(ParseDuration("2d"), milliseconds(172'800'000));
  EXPECT_EQ(ParseDuration("0s"), milliseconds(0));
}

TEST(ParseDuration, BareNumberIsSeconds) { EXPECT_EQ(ParseDuration("45"), milliseconds(45'000)); }

TEST(ParseDuration, RefusesEverythingElse) {
  for (const char* text : {"", "m", "5 m", "-5m", "5x", "5m3", "1.5h", "5mm", "99999999999s", "400d", "99999d", "s5"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(ParseNumber, FitsThirtyTwoBits) {
  EXPECT_EQ(ParseNumber("6379"), 6379);
  EXPECT_EQ(ParseNumber("-1"), -1);
  EXPECT_EQ(ParseNumber("2147483648"), std::nullopt);
  EXPECT_EQ(ParseNumber("1.5"), std::nullopt);
  EXPECT_EQ(ParseNumber(""), std::nullopt);
}

TEST(ParseCommaList, DropsEmptyPartsAndSpace) {
  EXPECT_EQ(ParseCommaList("a, b,,c "), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(ParseCommaList("").empty());
}

TEST(ParseTags, ValueMayBeEmptyOrHoldEquals) {
  const auto tags = ParseTags({"team=core", "note=", "rule=a=b"});
  ASSERT_TRUE(tags.ok());
  EXPECT_EQ(*tags, (std::map<std::string, std::string>{{"team", "core"}, {"note", ""}, {"rule", "a=b"}}));
}

TEST(ParseTags, NamesWhatIsWrong) {
  EXPECT_EQ(ParseTags({"team"}).error(), InvalidArgument("tag \"team\": expected key=value"));
  EXPECT_EQ(ParseTags({"=x"}).error(), InvalidArgument("tag \"=x\": expected key=value"));
  EXPECT_EQ(ParseTags({"a=1", "a=2"}).error(), InvalidArgument("tag \"a\" is given twice"));
}

TEST(ParseIngress, TakesOnePortOrARange) {
  EXPECT_EQ(*ParseIngress("tcp:6379-6380:10.0.0.0/8"), (IngressRule{"tcp", 6379, 6380, "10.0.0.0/8", ""}));
  EXPECT_EQ(*ParseIngress("tcp:6379:10.0.0.0/8"), (IngressRule{"tcp", 6379, 6379, "10.0.0.0/8", ""}));
}

TEST(ParseIngress, DescriptionIsTheRest) {
  EXPECT_EQ(*ParseIngress("tcp:1-2:10.0.0.0/8:office: west"), (IngressRule{"tcp", 1, 2, "10.0.0.0/8", "office: west"}));
}

TEST(ParseIngress, RefusesAnotherShape) {
  for (const char* text :
       {"", "tcp", "tcp:6379", "tcp:x:10.0.0.0/8", "tcp:1-2-3:10.0.0.0/8", ":1:10.0.0.0/8", "tcp:1:"}) {
    EXPECT_FALSE(ParseIngress(text).ok()) << text;
  }
}

TEST(FormatIngress, IsTheInverse) {
  for (const char* text : {"tcp:6379-6380:10.0.0.0/8", "tcp:1-1:0.0.0.0/0:office: west"}) {
    EXPECT_EQ(FormatIngress(*ParseIngress(text)), text);
  }
}

TEST(IsUtf8, KnowsCodePoints) {
  for (const char* text : {"", "plain", "é", "漢字", "🙂"}) EXPECT_TRUE(IsUtf8(text)) << text;
  for (const char* text : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"}) {
    EXPECT_FALSE(IsUtf8(text));
  }
}

}  // namespace
}  // namespace cacheplane::cli
