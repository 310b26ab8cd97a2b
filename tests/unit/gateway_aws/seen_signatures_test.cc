#include "controlplane/gateway/aws/seen_signatures.h"

#include <gtest/gtest.h>

namespace cacheplane::gateway::aws {
namespace {

using Sight = SeenSignatures::Sight;
using std::chrono::minutes;

const WallTime kNow = FromUnixMillis(1'795'000'000'000);
const WallTime kEnd = kNow + minutes(15);

TEST(SeenSignaturesTest, ASignatureIsGoodForOneCall) {
  SeenSignatures seen;
  EXPECT_EQ(seen.See("a", kEnd, kNow), Sight::kFirst);
  EXPECT_EQ(seen.See("a", kEnd, kNow), Sight::kAgain);
  EXPECT_EQ(seen.See("b", kEnd, kNow), Sight::kFirst);
}

TEST(SeenSignaturesTest, IsRememberedAsLongAsItIsAccepted) {
  SeenSignatures seen;
  EXPECT_EQ(seen.See("a", kEnd, kNow), Sight::kFirst);
  EXPECT_EQ(seen.See("of the future", kEnd + minutes(15), kNow), Sight::kFirst);
  const WallTime late = kEnd + SeenSignatures::kKeptLonger;
  EXPECT_EQ(seen.See("a", kEnd, late), Sight::kAgain) << "accepted in time, and slow to come here";
  EXPECT_EQ(seen.See("b", kEnd + minutes(9), late + std::chrono::milliseconds(1)), Sight::kFirst);
  EXPECT_EQ(seen.size(), 2U) << "the first one is forgotten";
  EXPECT_EQ(seen.See("of the future", kEnd + minutes(15), kEnd + minutes(15)), Sight::kAgain);
}

TEST(SeenSignaturesTest, WithoutRoomNothingIsForgotten) {
  SeenSignatures seen;
  for (std::size_t i = 0; i < SeenSignatures::kMost; ++i) {
    ASSERT_EQ(seen.See(std::to_string(i), kEnd, kNow), Sight::kFirst);
  }
  EXPECT_EQ(seen.See("new", kEnd, kNow), Sight::kNoRoom);
  EXPECT_EQ(seen.See("0", kEnd, kNow), Sight::kAgain);
  EXPECT_EQ(seen.size(), SeenSignatures::kMost);
  EXPECT_EQ(seen.See("new", kEnd + minutes(9), kEnd + minutes(9)), Sight::kFirst);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
