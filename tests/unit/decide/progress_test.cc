#include "controlplane/decide/progress.h"

#include <gtest/gtest.h>

#include "common/clock.h"

namespace cacheplane::decide {
namespace {

model::Operation At(int percent) {
  model::Operation operation;
  operation.created = FromUnixMillis(10'000);
  operation.progress.percent = percent;
  return operation;
}

TEST(ExpectedEnd, TakesTheRestToGoAsWhatIsDone) {
  EXPECT_EQ(ExpectedEnd(At(25), FromUnixMillis(12'000)), FromUnixMillis(18'000));
  EXPECT_EQ(ExpectedEnd(At(50), FromUnixMillis(12'000)), FromUnixMillis(14'000));
}

TEST(ExpectedEnd, IsNotKnownBeforeAPartIsDone) {
  EXPECT_EQ(ExpectedEnd(At(0), FromUnixMillis(12'000)), std::nullopt);
  EXPECT_EQ(ExpectedEnd(At(100), FromUnixMillis(12'000)), std::nullopt);
  EXPECT_EQ(ExpectedEnd(At(50), FromUnixMillis(9'000)), std::nullopt) << "the clock was set back";
}

}  // namespace
}  // namespace cacheplane::decide
