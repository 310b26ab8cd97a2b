#include "controlplane/gateway/aws/wire/iso_time.h"

#include <gtest/gtest.h>

namespace cacheplane::gateway::aws {
namespace {

std::string Again(std::string_view text) {
  const auto time = ParseIsoTime(text);
  return time ? IsoTime(*time) : "none";
}

TEST(IsoTimes, AreWrittenWithMilliseconds) {
  EXPECT_EQ(IsoTime(FromUnixMillis(1'700'000'000'007)), "2023-11-14T22:13:20.007Z");
  EXPECT_EQ(IsoTime(FromUnixMillis(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(IsoTimes, AreReadAsClientsWriteThem) {
  EXPECT_EQ(Again("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(Again("2026-01-02T03:04:05.67Z"), "2026-01-02T03:04:05.670Z");
  EXPECT_EQ(Again("2026-01-02T03:04:05.123456Z"), "2026-01-02T03:04:05.123Z");
  EXPECT_EQ(Again("2026-01-02T03:04:05+02:30"), "2026-01-02T00:34:05.000Z");
  EXPECT_EQ(Again("2026-01-02T23:04:05-02:00"), "2026-01-03T01:04:05.000Z");
  EXPECT_EQ(Again("2026-01-02T03:04"), "2026-01-02T03:04:00.000Z");
  EXPECT_EQ(Again("2028-02-29"), "2028-02-29T00:00:00.000Z");
}

TEST(IsoTimes, AreNothingElse) {
  for (const char* text : {"", "now", "2026", "2026-13-01", "2026-02-29", "2026-01-02 03:04:05", "2026-01-02T24:00:00Z",
                           "2026-01-02T03:60:00Z", "2026-01-02T03:04:60Z", "2026-01-02T03:04:05.Z",
                           "2026-01-02T03:04:05Zz", "2026-01-02T03:04:05+2", "+026-01-02", "1700000000"}) {
    EXPECT_EQ(Again(text), "none") << text;
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
