// Requests as SDKs send them: one for each operation of the API, with every member filled.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "controlplane/gateway/aws/decode.h"

namespace cacheplane::gateway::aws {
namespace {

Json Bodies() {
  std::ifstream file(std::string(AWS_TEST_DATA) + "/request_bodies.json");
  return Json::parse(file).at("bodies");
}

// How many texts, numbers and booleans a tree has.
std::size_t Leaves(const Json& tree) {
  if (!tree.is_structured()) return 1;
  std::size_t count = 0;
  for (const Json& child : tree) count += Leaves(child);
  return count;
}

TEST(RequestsTest, EveryOperationHasOne) {
  std::set<std::string> names;
  for (const auto& [name, operation] : ApiModel::ElastiCache().operations()) names.insert(name);
  std::set<std::string> sent;
  const Json bodies = Bodies();
  for (const auto& [name, body] : bodies.items()) sent.insert(name);
  EXPECT_EQ(sent, names);
  EXPECT_EQ(sent.size(), 75U);
}

TEST(RequestsTest, EveryParameterOfEachIsUnderstood) {
  const Json bodies = Bodies();
  for (const auto& [name, body] : bodies.items()) {
    SCOPED_TRACE(name);
    const auto form = ParseForm(body.get<std::string>());
    ASSERT_TRUE(std::holds_alternative<Form>(form));
    const auto decoded = Decode(std::get<Form>(form), *ApiModel::ElastiCache().FindOperation(name)->input);
    ASSERT_TRUE(std::holds_alternative<Decoded>(decoded)) << std::get<Fault>(decoded).message;
    EXPECT_EQ(std::get<Decoded>(decoded).unknown, std::vector<std::string>{});
    EXPECT_EQ(Leaves(std::get<Decoded>(decoded).input), std::get<Form>(form).size() - 2);  // without Action and Version
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
