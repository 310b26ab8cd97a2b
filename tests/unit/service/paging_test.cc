#include "controlplane/service/paging.h"

#include <gtest/gtest.h>

namespace cacheplane::service {
namespace {

TEST(ReadListRequest, SizesAreDefaultedAndCoerced) {
  EXPECT_EQ(ReadListRequest("clusters", {0, ""})->limit, 100);
  EXPECT_EQ(ReadListRequest("clusters", {1, ""})->limit, 1);
  EXPECT_EQ(ReadListRequest("clusters", {100, ""})->limit, 100);
  EXPECT_EQ(ReadListRequest("clusters", {1000, ""})->limit, 100);
  EXPECT_EQ(ReadListRequest("clusters", {-1, ""}).error().message, "page_size: -1 is negative; allowed: 0 to 100");
}

TEST(ReadListRequest, TakesBackItsToken) {
  EXPECT_EQ(ReadListRequest("clusters", {0, PageToken("clusters", "orders")})->after, "orders");
}

TEST(ReadListRequest, RefusesEveryOtherToken) {
  const std::string token = PageToken("clusters", "orders");
  EXPECT_FALSE(ReadListRequest("subnets", {0, token}).ok());
  for (const std::string& bad : {std::string("x"), std::string("p"), std::string("p00000000"), token + "0",
                                 token + "00", token.substr(0, token.size() - 1), token.substr(0, token.size() - 2),
                                 "P" + token.substr(1), std::string("orders"), std::string(100000, '\xff')}) {
    EXPECT_EQ(ReadListRequest("clusters", {0, bad}).error().code, ErrorCode::kInvalidArgument) << bad.substr(0, 50);
  }
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(ReadListRequest("clusters", {0, changed}).ok()) << changed;
  }
}

TEST(MakePage, HasATokenOnlyWhenThereIsMore) {
  const auto same = [](const std::string& key) { return key; };
  const ports::PageRequest two{"", 2};
  EXPECT_EQ(OneMore(two).limit, 3);
  const Page<std::string> more = MakePage<std::string>({"a", "b", "c"}, two, "s", same);
  EXPECT_EQ(more.items, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(ReadListRequest("s", {2, more.next_page_token})->after, "b");
  EXPECT_EQ(MakePage<std::string>({"a", "b"}, two, "s", same).next_page_token, "");
}

}  // namespace
}  // namespace cacheplane::service
