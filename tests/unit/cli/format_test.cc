#include "cli/output/format.h"

#include <gtest/gtest.h>

#include "cli/output/errors.h"

namespace cacheplane::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(FormatBytes, PicksTheUnit) {
  EXPECT_EQ(FormatBytes(0), "0 B");
  EXPECT_EQ(FormatBytes(1023), "1023 B");
  EXPECT_EQ(FormatBytes(1536), "1.5 KiB");
  EXPECT_EQ(FormatBytes(3LL << 30), "3.0 GiB");
  EXPECT_EQ(FormatBytes(5LL << 50), "5120.0 TiB");
}

TEST(FormatDuration, IsShort) {
  EXPECT_EQ(FormatDuration(milliseconds(420)), "0.4s");
  EXPECT_EQ(FormatDuration(seconds(12)), "12s");
  EXPECT_EQ(FormatDuration(seconds(200)), "3m20s");
  EXPECT_EQ(FormatDuration(seconds(7500)), "2h05m");
  EXPECT_EQ(FormatDuration(seconds(273'600)), "3d4h");
}

TEST(FormatTime, IsUtc) {
  EXPECT_EQ(FormatTime(FromUnixMillis(1'700'000'000'123)), "2023-11-14T22:13:20Z");
  EXPECT_EQ(FormatTimeMillis(FromUnixMillis(1'700'000'000'007)), "2023-11-14T22:13:20.007Z");
  EXPECT_EQ(FormatTime(WallTime()), "");
}

TEST(ErrorText, IsOneLineAndAHint) {
  EXPECT_EQ(ErrorText("NotFound", "no cluster \"x\"", ""), "error: NotFound: no cluster \"x\"\n");
  EXPECT_EQ(ErrorText("Usage", "two\nlines", "do this"), "error: Usage: two\\x0alines\nhint: do this\n");
}

TEST(HintFor, HelpsWhereTheMessageDoesNot) {
  EXPECT_NE(HintFor(Unavailable("x"), "127.0.0.1:7070").find("127.0.0.1:7070"), std::string::npos);
  EXPECT_NE(HintFor(Aborted("x"), ""), "");
  EXPECT_EQ(HintFor(NotFound("x"), ""), "");
}

}  // namespace
}  // namespace cacheplane::cli
