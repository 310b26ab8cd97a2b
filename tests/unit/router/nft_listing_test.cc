#include "nodeagent/network/nft_listing.h"

#include <gtest/gtest.h>

namespace cacheplane::network {
namespace {

// As libnftables 1.0.6 prints it, rules shortened.
std::string Listing(const std::string& more = "") {
  return R"({"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
    {"table": {"family": "ip", "name": "t", "handle": 1}},
    {"map": {"family": "ip", "name": "targets", "table": "t", "type": ["ipv4_addr", "inet_service", "integer"],
      "handle": 1, "map": "ipv4_addr . inet_service", "elem": [
        [{"concat": ["127.20.0.5", 6379, 0]}, {"concat": ["127.20.1.1", 7000]}],
        [{"concat": ["127.20.0.5", 6379, 1]}, {"concat": ["127.20.1.2", 7001]}]]}},
    {"map": {"family": "ip", "name": "spreads", "table": "t", "type": ["ipv4_addr", "inet_service"], "handle": 2,
      "map": "verdict", "elem": [[{"concat": ["127.20.0.5", 6379]}, {"goto": {"target": "spread_2"}}]]}},
    {"chain": {"family": "ip", "table": "t", "name": "spread_2", "handle": 3}},
    {"chain": {"family": "ip", "table": "t", "name": "output", "type": "nat", "hook": "output", "prio": -100}},
    {"chain": {"family": "ip", "table": "t", "name": "prerouting", "handle": 6, "type": "nat", "hook": "prerouting"}},
    {"rule": {"family": "ip", "table": "t", "chain": "spread_2", "handle": 7, "expr": []}},
    {"rule": {"family": "ip", "table": "t", "chain": "output", "handle": 9, "expr": []}},
    {"rule": {"family": "ip", "table": "t", "chain": "prerouting", "handle": 10, "expr": []}})" +
         more + "]}";
}

TEST(TableFromListing, ReadsWhatTransactionsWrite) {
  const Endpoints endpoints = {{{"127.20.0.5", 6379}, {{"127.20.1.1", 7000}, {"127.20.1.2", 7001}}}};
  EXPECT_EQ(*TableFromListing(Listing()), TableFor(endpoints));
}

TEST(TableFromListing, AnotherLayoutIsNotUsable) {
  for (const char* more : {R"(, {"rule": {"table": "t", "chain": "output", "handle": 11, "expr": []}})",
                           R"(, {"chain": {"table": "t", "name": "other", "handle": 12}})",
                           R"(, {"map": {"name": "other", "type": "ipv4_addr", "map": "verdict"}})"}) {
    const auto table = TableFromListing(Listing(more));
    ASSERT_TRUE(table.ok()) << more;
    EXPECT_FALSE(table->usable) << more;
  }
  EXPECT_FALSE(TableFromListing(R"({"nftables": []})")->usable);
}

TEST(TableFromListing, GarbageIsAnError) {
  for (const char* text : {"", "{}", "[]", R"({"nftables": [{"map": {}}]})"})
    EXPECT_FALSE(TableFromListing(text).ok()) << text;
}

TEST(HasTable, SaysWhetherTheTableIsThere) {
  EXPECT_TRUE(*HasTable("t", Listing()));
  EXPECT_FALSE(*HasTable("other", Listing()));
  EXPECT_FALSE(*HasTable("t", R"({"nftables": []})"));
  EXPECT_FALSE(HasTable("t", "").ok());
}

}  // namespace
}  // namespace cacheplane::network
