// Access keys.
#include "tests/contract/store_contract.h"

namespace cacheplane::test {
namespace {

using model::AccessKey;
using model::AccessKeyId;
using ports::Transaction;

AccessKey AKey(const std::string& id) {
  return {AccessKeyId(id), model::AccessRole::kViewer, "of " + id, At(5), std::nullopt};
}

Status Insert(ports::Store& store, const AccessKey& key) {
  return store.Write([&](Transaction& t) { return t.access_keys().Insert(key); });
}

std::optional<AccessKey> Find(ports::Store& store, const std::string& id) {
  std::optional<AccessKey> found;
  store.Read([&](Transaction& t) { found = t.access_keys().Find(AccessKeyId(id)); });
  return found;
}

std::vector<std::string> Ids(ports::Store& store, const ports::PageRequest& page) {
  std::vector<std::string> ids;
  store.Read([&](Transaction& t) {
    for (const AccessKey& key : t.access_keys().List(page)) ids.push_back(key.id.str());
  });
  return ids;
}

TEST_P(StoreContract, AccessKeysAreFoundByTheirId) {
  EXPECT_OK(Insert(*store_, AKey("AKIAB")));
  EXPECT_EQ(Find(*store_, "AKIAB"), AKey("AKIAB"));
  EXPECT_EQ(Find(*store_, "akiab"), std::nullopt);
  EXPECT_EQ(Find(*store_, "AKIA"), std::nullopt);
}

TEST_P(StoreContract, AccessKeysKeepTheirRole) {
  for (const auto role : {model::AccessRole::kViewer, model::AccessRole::kOperator, model::AccessRole::kAdmin}) {
    AccessKey key = AKey(std::string(model::AccessRoleName(role)));
    key.role = role;
    EXPECT_OK(Insert(*store_, key));
    EXPECT_EQ(Find(*store_, key.id.str()), key);
  }
}

TEST_P(StoreContract, AccessKeysHaveAnIdOfTheirOwn) {
  EXPECT_OK(Insert(*store_, AKey("AKIAB")));
  AccessKey other = AKey("AKIAB");
  other.role = model::AccessRole::kAdmin;
  EXPECT_CODE(Insert(*store_, other), ErrorCode::kAlreadyExists);
  EXPECT_EQ(Find(*store_, "AKIAB"), AKey("AKIAB"));
}

TEST_P(StoreContract, AccessKeysAreReplacedByUpdate) {
  EXPECT_OK(Insert(*store_, AKey("AKIAB")));
  const AccessKey changed{AccessKeyId("AKIAB"), model::AccessRole::kAdmin, "other", At(6), At(7)};
  EXPECT_OK(Write([&](Transaction& t) { return t.access_keys().Update(changed); }));
  EXPECT_EQ(Find(*store_, "AKIAB"), changed);
  EXPECT_CODE(Write([](Transaction& t) { return t.access_keys().Update(AKey("AKIAC")); }), ErrorCode::kNotFound);
}

TEST_P(StoreContract, AccessKeysAreListedInOrderOfIds) {
  for (const char* id : {"C", "A", "B"}) EXPECT_OK(Insert(*store_, AKey(id)));
  EXPECT_EQ(Ids(*store_, {"", 2}), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(Ids(*store_, {"B", 2}), (std::vector<std::string>{"C"}));
}

TEST_P(StoreContract, AccessKeysOfAFailedTransactionAreGone) {
  EXPECT_CODE(Write([](Transaction& t) -> Status {
                CP_RETURN_IF_ERROR(t.access_keys().Insert(AKey("AKIAB")));
                return Aborted("no");
              }),
              ErrorCode::kAborted);
  EXPECT_EQ(Find(*store_, "AKIAB"), std::nullopt);
}

}  // namespace
}  // namespace cacheplane::test
