#include "tests/unit/service/cases.h"

#include <gtest/gtest.h>

#include "controlplane/service/defaults.h"
#include "controlplane/service/parameter_groups.h"

namespace cacheplane::service {

void Check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Draft draft = WithReplicas(0);
    Around around{.zones = std::set<std::string>{"a", "b", "c"},
                  .security_groups = {"default", "web"},
                  .parameter_group = std::nullopt,
                  .hosts = {}};
    c.edit(draft, around);
    if (!around.parameter_group) {
      test::MemoryStore store;
      const std::string name = FillDefaults("orders", draft).parameter_group;
      store.Read(
          [&](ports::Transaction& tx) { around.parameter_group = FindParameterGroup(tx.parameter_groups(), name); });
    }
    const Status status = ValidateDefinition(FillDefaults("orders", draft), around);
    ASSERT_EQ(status.ok(), c.message.empty()) << (status.ok() ? "" : status.error().message);
    if (status.ok()) continue;
    EXPECT_EQ(status.error().code, c.code);
    EXPECT_TRUE(status.error().message.starts_with(c.message)) << status.error().message;
    EXPECT_NE(status.error().message.find("allowed: "), std::string::npos) << status.error().message;
  }
}

}  // namespace cacheplane::service
