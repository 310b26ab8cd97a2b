#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using ports::Transaction;

model::ParameterGroup AGroup(const std::string& name) {
  return {.name = name,
          .family = "valkey8",
          .description = "for \"carts\"",
          .values = {{"maxmemory-policy", "allkeys-lru"}, {"notify-keyspace-events", ""}},
          .tags = {{"team", "a \"b\""}, {"bare", ""}}};
}

TEST_P(StoreContract, ParameterGroupIsKeptWhole) {
  EXPECT_OK(Write([](Transaction& t) { return t.parameter_groups().Insert(AGroup("Carts")); }));
  EXPECT_EQ(Look([](Transaction& t) { return t.parameter_groups().Find("CARTS"); }), AGroup("carts"));
  EXPECT_EQ(Look([](Transaction& t) { return t.parameter_groups().Find("other"); }), std::nullopt);
}

TEST_P(StoreContract, ParameterGroupNameIsTaken) {
  EXPECT_OK(Write([](Transaction& t) { return t.parameter_groups().Insert(AGroup("carts")); }));
  EXPECT_CODE(Write([](Transaction& t) { return t.parameter_groups().Insert(AGroup("CARTS")); }),
              ErrorCode::kAlreadyExists);
}

TEST_P(StoreContract, ParameterGroupIsReplaced) {
  EXPECT_OK(Write([](Transaction& t) { return t.parameter_groups().Insert(AGroup("carts")); }));
  model::ParameterGroup changed = AGroup("Carts");
  changed.values = {{"timeout", "60"}};
  EXPECT_OK(Write([&](Transaction& t) { return t.parameter_groups().Update(changed); }));
  changed.name = "carts";
  EXPECT_EQ(Look([](Transaction& t) { return t.parameter_groups().Find("carts"); }), changed);
  EXPECT_CODE(Write([](Transaction& t) { return t.parameter_groups().Update(AGroup("new")); }), ErrorCode::kNotFound);
}

TEST_P(StoreContract, ParameterGroupsAreListedInPagesAndRemoved) {
  for (const char* name : {"c", "a", "b"}) {
    EXPECT_OK(Write([&](Transaction& t) { return t.parameter_groups().Insert(AGroup(name)); }));
  }
  const auto names = [&](const ports::PageRequest& page) {
    std::vector<std::string> found;
    for (const auto& group : Look([&](Transaction& t) { return t.parameter_groups().List(page); })) {
      found.push_back(group.name);
    }
    return found;
  };
  EXPECT_EQ(names({}), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(names({"A", 1}), (std::vector<std::string>{"b"}));
  EXPECT_OK(Write([](Transaction& t) { return t.parameter_groups().Remove("B"); }));
  EXPECT_CODE(Write([](Transaction& t) { return t.parameter_groups().Remove("b"); }), ErrorCode::kNotFound);
  EXPECT_EQ(names({}), (std::vector<std::string>{"a", "c"}));
}

TEST_P(StoreContract, RefusedTransactionLeavesNoParameterGroup) {
  EXPECT_CODE(Write([](Transaction& t) -> Status {
                CP_RETURN_IF_ERROR(t.parameter_groups().Insert(AGroup("carts")));
                return Aborted("no");
              }),
              ErrorCode::kAborted);
  EXPECT_EQ(Look([](Transaction& t) { return t.parameter_groups().Find("carts"); }), std::nullopt);
}

}  // namespace
}  // namespace cacheplane::test
