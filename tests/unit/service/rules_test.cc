#include "controlplane/service/rules.h"

#include <gtest/gtest.h>

namespace cacheplane::service {
namespace {

TEST(ClusterName, IsStoredInLowerCase) { EXPECT_EQ(*CheckClusterName("Orders-2"), "orders-2"); }

TEST(ClusterName, AcceptsItsLimits) {
  EXPECT_TRUE(CheckClusterName("a").ok());
  EXPECT_TRUE(CheckClusterName(std::string(40, 'a')).ok());
}

TEST(ClusterName, RefusesWhatBreaksARule) {
  for (const std::string name : {"", "1a", "-a", "a-", "a--b", "a_b", "a b", "a.b", "ä", "a\n"}) {
    EXPECT_EQ(CheckClusterName(name).error().code, ErrorCode::kInvalidArgument) << name;
  }
  EXPECT_FALSE(CheckClusterName(std::string(41, 'a')).ok());
}

TEST(ClusterName, SaysWhatIsAllowed) {
  EXPECT_EQ(CheckClusterName("9lives").error().message,
            "name: \"9lives\" does not start with a letter; allowed: 1 to 40 letters, digits and hyphens, a letter "
            "first, no hyphen last or doubled");
}

TEST(ObjectName, HasItsOwnLimits) {
  EXPECT_EQ(*CheckObjectName("subnet.name", "1-A"), "1-a");
  EXPECT_TRUE(CheckObjectName("subnet.name", std::string(255, 'a')).ok());
  EXPECT_FALSE(CheckObjectName("subnet.name", std::string(256, 'a')).ok());
  EXPECT_FALSE(CheckObjectName("subnet.name", "").ok());
  EXPECT_FALSE(CheckObjectName("subnet.name", "a.b").ok());
}

TEST(PrintableLength, CountsCharactersNotBytes) {
  EXPECT_EQ(PrintableLength("Größe 😀"), 7);
  EXPECT_EQ(PrintableLength(""), 0);
}

TEST(PrintableLength, KnowsWhatIsNotText) {
  for (const std::string_view text : {"a\nb", "\x7f", "\xc2\x80", "\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80",
                                      "\xe2\x82", "\xf4\x90\x80\x80", "\xe0\x80\x80"}) {
    EXPECT_FALSE(PrintableLength(text)) << Quoted(text);
  }
  EXPECT_FALSE(PrintableLength(std::string_view("\0", 1)));
}

TEST(Quoted, IsSafeToShow) {
  EXPECT_EQ(Quoted("a\nb\xff"), "\"a\\x0ab\\xff\"");
  EXPECT_LT(Quoted(std::string(100000, 'x')).size(), 100U);
}

TEST(QuotedList, IsCutWhereItIsLong) {
  EXPECT_EQ(QuotedList({}), "none yet");
  EXPECT_EQ(QuotedList({"a", "b"}), "\"a\", \"b\"");
  EXPECT_TRUE(QuotedList(std::vector<std::string>(100, "a")).ends_with(", \"a\""));
  EXPECT_TRUE(QuotedList(std::vector<std::string>(3000, "a")).ends_with(", \"a\" and 2900 more"));
}

TEST(CheckRange, NamesFieldValueAndLimits) {
  EXPECT_TRUE(CheckRange("f", 0, 0, 5).ok());
  EXPECT_TRUE(CheckRange("f", 5, 0, 5).ok());
  EXPECT_EQ(CheckRange("spec.replicas_per_shard", 7, 0, 5).error().message,
            "spec.replicas_per_shard: 7 is out of range; allowed: 0 to 5");
}

TEST(CheckText, CountsAndLooks) {
  EXPECT_TRUE(CheckText("f", std::string(255, 'x'), 255).ok());
  EXPECT_FALSE(CheckText("f", std::string(256, 'x'), 255).ok());
  EXPECT_FALSE(CheckText("f", "tab\t", 255).ok());
}

}  // namespace
}  // namespace cacheplane::service
