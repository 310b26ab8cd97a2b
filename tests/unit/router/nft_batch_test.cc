#include "nodeagent/network/nft_batch.h"

#include <gtest/gtest.h>

namespace cacheplane::network {
namespace {

const SocketAddress kWriter{"127.20.0.5", 6379};
const SocketAddress kReader{"127.20.0.6", 6379};
const SocketAddress kOne{"127.20.1.1", 6379};
const SocketAddress kTwo{"127.20.1.2", 6380};
const SocketAddress kThree{"127.20.1.3", 6381};

using Texts = std::vector<std::string>;

Texts Between(const Endpoints& there, const Endpoints& wanted) {
  return Transactions("t", TableFor(there), TableFor(wanted));
}

TEST(Transactions, NothingToDo) {
  const Endpoints endpoints = {{kWriter, {kOne}}, {kReader, {kOne, kTwo}}};
  EXPECT_EQ(Between(endpoints, endpoints), Texts{});
}

TEST(Transactions, AFlipIsOneElementAndMentionsNothingElse) {
  EXPECT_EQ(Between({{kWriter, {kOne}}, {kReader, {kOne, kTwo}}}, {{kWriter, {kTwo}}, {kReader, {kOne, kTwo}}}),
            Texts{"delete element ip t targets { 127.20.0.5 . 6379 . 0 }\n"
                  "add element ip t targets { 127.20.0.5 . 6379 . 0 : 127.20.1.2 . 6380 }\n"});
}

TEST(Transactions, ANewEndpointBringsTheChainItNeeds) {
  EXPECT_EQ(Between({{kWriter, {kOne}}}, {{kWriter, {kOne}}, {kReader, {kOne, kTwo}}}),
            Texts{"add chain ip t spread_2\n"
                  "add rule ip t spread_2 dnat ip to ip daddr . tcp dport . numgen random mod 2 map @targets\n"
                  "add element ip t targets { 127.20.0.6 . 6379 . 0 : 127.20.1.1 . 6379, "
                  "127.20.0.6 . 6379 . 1 : 127.20.1.2 . 6380 }\n"
                  "add element ip t spreads { 127.20.0.6 . 6379 : goto spread_2 }\n"});
}

TEST(Transactions, SlotsOutOfUseGoInASecondTransaction) {
  NftTable there = TableFor({{kReader, {kOne, kTwo, kThree}}});
  there.chains.insert(2);
  EXPECT_EQ(Transactions("t", there, TableFor({{kReader, {kOne, kTwo}}})),
            (Texts{"delete element ip t spreads { 127.20.0.6 . 6379 }\n"
                   "add element ip t spreads { 127.20.0.6 . 6379 : goto spread_2 }\n",
                   "delete element ip t targets { 127.20.0.6 . 6379 . 2 }\n"}));
}

TEST(Transactions, ARemovedEndpointIsNoLongerFoundBeforeItsSlotsGo) {
  EXPECT_EQ(Between({{kWriter, {kOne}}}, {}), (Texts{"delete element ip t spreads { 127.20.0.5 . 6379 }\n",
                                                     "delete element ip t targets { 127.20.0.5 . 6379 . 0 }\n"}));
}

TEST(Transactions, AnUnusableTableIsReplacedInOneTransaction) {
  NftTable there = TableFor({{kReader, {kOne}}});
  there.usable = false;
  const Texts transactions = Transactions("t", there, TableFor({{kWriter, {kOne}}}));
  ASSERT_EQ(transactions.size(), 1U);
  EXPECT_TRUE(transactions[0].starts_with("add table ip t\ndelete table ip t\nadd table ip t\n")) << transactions[0];
  EXPECT_NE(transactions[0].find("add chain ip t spread_1\n"), std::string::npos);
  EXPECT_TRUE(
      transactions[0].ends_with("add element ip t targets { 127.20.0.5 . 6379 . 0 : 127.20.1.1 . 6379 }\n"
                                "add element ip t spreads { 127.20.0.5 . 6379 : goto spread_1 }\n"))
      << transactions[0];
}

TEST(CheckTableName, KeepsOtherCommandsOut) {
  EXPECT_TRUE(CheckTableName("cacheplane").ok());
  EXPECT_TRUE(CheckTableName("t_2").ok());
  for (const char* name : {"", "2t", "a b", "a;flush ruleset", "a\n", "_a", "a-b"}) {
    EXPECT_FALSE(CheckTableName(name).ok()) << name;
  }
}

}  // namespace
}  // namespace cacheplane::network
