// Every member of every operation, made wrong.
#include <gtest/gtest.h>

#include "tests/unit/gateway_aws/hostile/ground.h"

namespace cacheplane::gateway::aws {
namespace {

std::vector<std::string> Actions() {
  std::vector<std::string> actions;
  for (const auto& [name, operation] : ApiModel::ElastiCache().operations()) actions.push_back(name);
  return actions;
}

class HostileMembers : public testing::TestWithParam<std::string> {};

TEST_P(HostileMembers, AreRefusedOrTakenAndNothingElse) {
  const ModelOperation& operation = *ApiModel::ElastiCache().FindOperation(GetParam());
  Ground ground;
  for (const GoodCall& good : GoodCallsOf(GetParam())) {
    for (HostileCall& call : HostileCalls(operation, good.form)) {
      if (!good.taken) call.blamed.clear();  // another reason comes first
      ground.Make(call, good.golden);
    }
  }
  std::printf("%d calls, %d of them taken\n", ground.made(), ground.taken());
}

INSTANTIATE_TEST_SUITE_P(Of, HostileMembers, testing::ValuesIn(Actions()),
                         [](const auto& action) { return action.param; });

TEST(HostileCalls, AreThousands) {
  std::size_t count = 0;
  for (const auto& [name, operation] : ApiModel::ElastiCache().operations()) {
    count += HostileCalls(operation, Form{}).size();
  }
  EXPECT_GE(count, 4000U);
  std::printf("%zu bad calls are made of the model\n", count);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
