#include <gtest/gtest.h>

#include "cache-engine/catalog/catalog.h"

namespace cacheplane::catalog {
namespace {

bool Valid(const char* name, std::string_view value, const char* family = "valkey8") {
  const Status status = ValidateParameter(family, name, value);
  if (!status.ok()) {
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
  }
  return status.ok();
}

TEST(ValidateParameter, TakesNumbersInTheirRange) {
  EXPECT_TRUE(Valid("reserved-memory-percent", "0"));
  EXPECT_TRUE(Valid("reserved-memory-percent", "100"));
  EXPECT_FALSE(Valid("reserved-memory-percent", "101"));
  EXPECT_FALSE(Valid("reserved-memory-percent", "-1"));
  EXPECT_TRUE(Valid("repl-backlog-size", "16384"));
  EXPECT_TRUE(Valid("repl-backlog-size", "1099511627776"));
  EXPECT_FALSE(Valid("repl-backlog-size", "16383"));
  EXPECT_TRUE(Valid("slowlog-log-slower-than", "-1"));
  EXPECT_FALSE(Valid("slowlog-log-slower-than", "-2"));
}

TEST(ValidateParameter, KnowsRangesWithAGap) {
  EXPECT_TRUE(Valid("timeout", "0"));
  EXPECT_TRUE(Valid("timeout", "20"));
  EXPECT_FALSE(Valid("timeout", "1"));
  EXPECT_FALSE(Valid("timeout", "19"));
}

// Engines read "007" as something else or not at all.
TEST(ValidateParameter, TakesNumbersWrittenInOneWayOnly) {
  for (const char* text : {"", " ", "020", "+20", "20 ", "20s", "0x20", "2e1", "-0", "20.0", "99999999999999999999"}) {
    EXPECT_FALSE(Valid("timeout", text)) << text;
  }
}

TEST(ValidateParameter, TakesOneOfTheChoices) {
  EXPECT_TRUE(Valid("maxmemory-policy", "allkeys-lru"));
  EXPECT_FALSE(Valid("maxmemory-policy", "ALLKEYS-LRU"));
  EXPECT_FALSE(Valid("maxmemory-policy", "allkeys-lru,noeviction"));
  EXPECT_FALSE(Valid("maxmemory-policy", ""));
}

TEST(ValidateParameter, TakesSetsOfCharacters) {
  EXPECT_TRUE(Valid("notify-keyspace-events", ""));
  EXPECT_TRUE(Valid("notify-keyspace-events", "KEA"));
  EXPECT_TRUE(Valid("notify-keyspace-events", "Kn"));
  EXPECT_FALSE(Valid("notify-keyspace-events", "Kn", "redis6.x"));
  EXPECT_FALSE(Valid("notify-keyspace-events", "KEA]"));
}

TEST(ValidateParameter, RefusesControlCharacters) {
  EXPECT_FALSE(Valid("notify-keyspace-events", "K\n"));
  EXPECT_FALSE(Valid("maxmemory-policy", std::string_view("noeviction\0", 11)));
  EXPECT_FALSE(Valid("timeout", "0\r\n"));
}

TEST(ValidateParameter, RefusesWhatIsFixed) {
  for (const char* name :
       {"maxmemory", "appendonly", "cluster-enabled", "activedefrag", "rename-commands", "maxclients"}) {
    EXPECT_FALSE(Valid(name, "yes")) << name;
  }
}

TEST(ValidateParameter, SaysWhatIsWrongInOneLine) {
  const auto message = [](const char* family, const char* name, const char* value) {
    return ValidateParameter(family, name, value).error().message;
  };
  EXPECT_EQ(message("valkey8", "maxmemory-samples", "99"), "parameter maxmemory-samples cannot be '99'; allowed: 1-64");
  EXPECT_EQ(message("valkey8", "maxmemory-samples", "9\n"),
            "parameter maxmemory-samples cannot be '9\\x0a'; allowed: 1-64");
  EXPECT_EQ(message("valkey8", "nope\n", "1"), "parameter family 'valkey8' has no parameter 'nope\\x0a'");
  EXPECT_EQ(message("valkey8", "maxmemory-polcy", "1"),
            "parameter family 'valkey8' has no parameter 'maxmemory-polcy'; did you mean 'maxmemory-policy'?");
  EXPECT_EQ(message("valkey8", "databases", "0"), "parameter databases cannot be '0'; allowed: 1-10000");
  EXPECT_EQ(message("valkey8", "appendonly", "yes"), "parameter appendonly cannot be modified; it is 'no'");
  EXPECT_EQ(message("valkey8", "maxmemory", "1"), "parameter maxmemory cannot be modified");
  EXPECT_EQ(message("nofamily", "timeout", "0"), "there is no parameter family 'nofamily'");
}

}  // namespace
}  // namespace cacheplane::catalog
