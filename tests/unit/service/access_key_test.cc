// AccessKeyService.
#include <gtest/gtest.h>

#include "controlplane/service/access_key_service.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {
namespace {

class AccessKeys : public testing::Test {
 protected:
  std::string Create(const std::string& role) { return keys.CreateAccessKey({role, ""})->key.id.str(); }

  World world;
  SpelledSecrets secrets;
  AccessKeyService keys{world.store, secrets, world.identifiers, world.signals, world.clock};
};

TEST_F(AccessKeys, CreateAnswersTheSecretAndKeepsTheRest) {
  const auto created = keys.CreateAccessKey({"admin", "of the build server"});
  ASSERT_TRUE(created.ok()) << created.error().message;
  EXPECT_EQ(created->secret, "secret of " + created->key.id.str());
  EXPECT_EQ(created->key.role, model::AccessRole::kAdmin);
  EXPECT_EQ(created->key.created, world.clock.Now());
  EXPECT_EQ(keys.ListAccessKeys({})->items, std::vector{created->key});
  EXPECT_EQ(world.Events(), std::vector{"Access key " + created->key.id.str() + " of role admin created"});
  EXPECT_EQ(world.signals.journal, 1);
}

TEST_F(AccessKeys, ARoleThatIsNotGivenIsOperator) {
  EXPECT_EQ(keys.CreateAccessKey({})->key.role, model::AccessRole::kOperator);
}

TEST_F(AccessKeys, BadDraftsNameTheFieldAndWhatIsAllowed) {
  const auto role = keys.CreateAccessKey({"root", ""});
  ASSERT_FALSE(role.ok());
  EXPECT_EQ(role.error(), InvalidArgument("role: \"root\" is unknown; allowed: \"viewer\", \"operator\", \"admin\""));
  const auto description = keys.CreateAccessKey({"admin", std::string(256, 'x')});
  ASSERT_FALSE(description.ok());
  EXPECT_EQ(description.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(description.error().message.find("description: "), 0U) << description.error().message;
  EXPECT_TRUE(keys.ListAccessKeys({})->items.empty());
  EXPECT_TRUE(world.Events().empty());
}

TEST_F(AccessKeys, AreFoundUntilTheyAreRevoked) {
  const std::string id = Create("viewer");
  const std::string other = Create("admin");
  ASSERT_TRUE(keys.FindValid(id));
  EXPECT_EQ(keys.FindValid(id)->secret, "secret of " + id);
  EXPECT_EQ(keys.FindValid(id)->key.role, model::AccessRole::kViewer);
  EXPECT_FALSE(keys.FindValid("AKIA-of-nobody"));
  ASSERT_TRUE(keys.DeleteAccessKey(id).ok());
  EXPECT_FALSE(keys.FindValid(id));
  EXPECT_TRUE(keys.FindValid(other));
}

TEST_F(AccessKeys, RevokingTwiceIsRevokingOnce) {
  const std::string id = Create("viewer");
  world.clock.Advance(std::chrono::seconds(5));
  const WallTime revoked = world.clock.Now();
  EXPECT_TRUE(keys.DeleteAccessKey(id).ok());
  world.clock.Advance(std::chrono::seconds(5));
  EXPECT_TRUE(keys.DeleteAccessKey(id).ok());
  EXPECT_EQ(keys.ListAccessKeys({})->items.front().revoked, revoked);
  EXPECT_EQ(world.Events().size(), 2U);
  EXPECT_EQ(world.Events().back(), "Access key " + id + " revoked");
}

TEST_F(AccessKeys, RevokingWhatNeverWasIsNotFound) {
  EXPECT_EQ(keys.DeleteAccessKey("AKIAX").error(), NotFound("id: there is no access key \"AKIAX\""));
  EXPECT_EQ(keys.DeleteAccessKey("").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(AccessKeys, ListHasPages) {
  for (int i = 0; i < 3; ++i) Create("viewer");
  const auto first = keys.ListAccessKeys({.page_size = 2, .page_token = ""});
  EXPECT_EQ(first->items.size(), 2U);
  const auto second = keys.ListAccessKeys({.page_size = 2, .page_token = first->next_page_token});
  ASSERT_EQ(second->items.size(), 1U);
  EXPECT_GT(second->items[0].id, first->items[1].id);
  EXPECT_EQ(second->next_page_token, "");
  EXPECT_EQ(keys.ListAccessKeys({.page_size = 2, .page_token = "x"}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace cacheplane::service
