#include "cli/commands/field_flags.h"

#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

TEST(InFlags, NamesTheFlagThatSetsAField) {
  const std::pair<const char*, const char*> cases[] = {
      {"spec.automatic_failover: false on orders, and a test failover needs it",
       "--automatic-failover: false on orders, and a test failover needs it"},
      {"spec.multi_az: true needs spec.automatic_failover, which is false; allowed: both true",
       "--multi-az: true needs --automatic-failover, which is false; allowed: both true"},
      {"name: \"x\" has no replica that could take over; allowed: clusters with spec.replicas_per_shard 1 to 5",
       "name: \"x\" has no replica that could take over; allowed: clusters with --replicas 1 to 5"},
      {"spec.description: \"spec.port\" is fine", "--description: \"spec.port\" is fine"},
      {"subnet.cidr: is required", "--cidr: is required"},
      {"security_group.ingress[2].cidr: \"x\" is no IPv4 range", "--ingress[2].cidr: \"x\" is no IPv4 range"},
      {"not yet: changing node_type; nothing was changed; allowed: \"description\", \"tags\"",
       "not yet: changing --node-type; nothing was changed; allowed: \"--description\", \"--tag\""},
      {"the engine of node orders-001 is starting", "the engine of node orders-001 is starting"},
      {"spec.no_such_field: 1", "spec.no_such_field: 1"},
      {"", ""},
  };
  for (const auto& [message, told] : cases) EXPECT_EQ(InFlags(message, Arguments()), told);
}

TEST(InFlags, KnowsEveryFieldOfADefinition) {
  const google::protobuf::Descriptor& spec = *v1::ClusterSpec::descriptor();
  for (int i = 0; i < spec.field_count(); ++i) {
    const std::string told = InFlags("spec." + spec.field(i)->name() + ": 1", Arguments());
    EXPECT_TRUE(told.starts_with("--")) << told;
  }
}

TEST(InFlags, LeavesOrdinaryWordsUnlessTheirFlagWasGiven) {
  const std::string message = "node: no replica of orders can take over: node orders-002 is down";
  EXPECT_EQ(InFlags(message, Arguments()), message);
  Arguments arguments;
  arguments.Add("to", "orders-002");
  EXPECT_EQ(InFlags(message, arguments), "--to: no replica of orders can take over: node orders-002 is down");
}

TEST(InFlags, LeavesTheWordsOfAFile) {
  Arguments arguments;
  arguments.Add("file", "orders.json");
  EXPECT_EQ(InFlags("spec.port: 80 is out of range", arguments), "spec.port: 80 is out of range");
}

class FieldFlagsTest : public CommandLineTest {};

TEST_F(FieldFlagsTest, ErrorsOfTheServerAreToldInThem) {
  server_.Refuse<v1::CreateClusterRequest>(InvalidArgument("spec.replicas_per_shard: 6 is out of range"));
  EXPECT_EQ(Run("cluster create orders --replicas 6").err, "error: InvalidArgument: --replicas: 6 is out of range\n");
}

}  // namespace
}  // namespace cacheplane::cli
