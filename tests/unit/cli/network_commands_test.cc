#include <nlohmann/json.hpp>

#include "cacheplane/v1/network.pb.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class NetworkCommandsTest : public CommandLineTest {};

TEST_F(NetworkCommandsTest, SubnetCreate) {
  server_.On<v1::CreateSubnetRequest, v1::CreateSubnetResponse>(
      [](const v1::CreateSubnetRequest& request, v1::CreateSubnetResponse* response) -> Status {
        *response->mutable_subnet() = request.subnet();
        response->mutable_subnet()->set_available_addresses(4091);
        return {};
      });
  EXPECT_EQ(Run("subnet create apps-a --zone us-east-1a --cidr 127.20.64.0/20").out,
            "Name:                 apps-a\nZone:                 us-east-1a\nCIDR:                 127.20.64.0/20\n"
            "Available addresses:  4091\n");
}

TEST_F(NetworkCommandsTest, SubnetListReadsEveryPage) {
  server_.On<v1::ListSubnetsRequest, v1::ListSubnetsResponse>(
      [](const v1::ListSubnetsRequest& request, v1::ListSubnetsResponse* response) -> Status {
        const bool first = request.page_token().empty();
        response->add_subnets()->set_name(first ? "a" : "b");
        if (first) response->set_next_page_token("more");
        return {};
      });
  EXPECT_EQ(Run("subnet list -o names").out, "a\nb\n");
  const nlohmann::json list = nlohmann::json::parse(Run("subnet list -o json").out);
  EXPECT_EQ(list["subnets"].size(), 2U);
  EXPECT_EQ(list["next_page_token"], "");
}

TEST_F(NetworkCommandsTest, DeleteSaysWhatIsGone) {
  EXPECT_EQ(Run("subnet delete a").out, "subnet a deleted\n");
  EXPECT_EQ(Run("subnet-group delete g -o json").out, "{}\n");
  EXPECT_EQ(Run("security-group delete s -o names").out, "s\n");
  EXPECT_EQ(server_.Asked<v1::DeleteSecurityGroupRequest>().front().name(), "s");
}

TEST_F(NetworkCommandsTest, InUseIsAConflict) {
  server_.Refuse<v1::DeleteSubnetGroupRequest>(FailedPrecondition("g is used by cluster orders"));
  const Outcome outcome = Run("subnet-group delete g");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.err, "error: FailedPrecondition: g is used by cluster orders\n");
}

TEST_F(NetworkCommandsTest, SubnetGroupModifyKeepsWhatIsNotGiven) {
  v1::GetSubnetGroupResponse current;
  current.mutable_subnet_group()->set_name("g");
  current.mutable_subnet_group()->set_description("old");
  current.mutable_subnet_group()->add_subnets("a");
  server_.Answer<v1::GetSubnetGroupRequest>(current);
  EXPECT_EQ(Run("subnet-group modify g --description new").code, 0);
  EXPECT_EQ(Run("subnet-group modify g --subnets b,c").code, 0);
  const auto asked = server_.Asked<v1::ModifySubnetGroupRequest>();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].subnet_group().description(), "new");
  EXPECT_EQ(asked[0].subnet_group().subnets(0), "a");
  EXPECT_EQ(asked[1].subnet_group().description(), "old");
  EXPECT_EQ(asked[1].subnet_group().subnets_size(), 2);
  EXPECT_EQ(Run("subnet-group modify g").code, 252);
}

TEST_F(NetworkCommandsTest, SecurityGroupRules) {
  EXPECT_EQ(Run("security-group create s --ingress tcp:6379-6380:10.0.0.0/8 --ingress tcp:22:10.1.0.0/16:ops").code, 0);
  const v1::SecurityGroup group = server_.Asked<v1::CreateSecurityGroupRequest>().front().security_group();
  ASSERT_EQ(group.ingress_size(), 2);
  EXPECT_EQ(group.ingress(0).protocol(), "tcp");
  EXPECT_EQ(group.ingress(0).from_port(), 6379);
  EXPECT_EQ(group.ingress(0).to_port(), 6380);
  EXPECT_EQ(group.ingress(0).cidr(), "10.0.0.0/8");
  EXPECT_EQ(group.ingress(1).description(), "ops");
}

TEST_F(NetworkCommandsTest, SecurityGroupModifyReplacesOrClearsRules) {
  v1::GetSecurityGroupResponse current;
  current.mutable_security_group()->set_name("s");
  current.mutable_security_group()->add_ingress()->set_cidr("10.9.0.0/16");
  server_.Answer<v1::GetSecurityGroupRequest>(current);
  EXPECT_EQ(Run("security-group modify s --ingress tcp:1-2:10.0.0.0/8").code, 0);
  EXPECT_EQ(Run("security-group modify s --no-ingress").code, 0);
  EXPECT_EQ(Run("security-group modify s --description d").code, 0);
  const auto asked = server_.Asked<v1::ModifySecurityGroupRequest>();
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked[0].security_group().ingress(0).cidr(), "10.0.0.0/8");
  EXPECT_EQ(asked[1].security_group().ingress_size(), 0);
  EXPECT_EQ(asked[2].security_group().ingress(0).cidr(), "10.9.0.0/16");
}

TEST_F(NetworkCommandsTest, WrongRulesNeverReachTheServer) {
  EXPECT_EQ(Run("security-group create s --ingress tcp").code, 252);
  EXPECT_EQ(Run("security-group modify s --ingress tcp").code, 252);
  EXPECT_EQ(Run("security-group modify s --no-ingress --ingress tcp:1-2:10.0.0.0/8").code, 252);
  EXPECT_EQ(Run("security-group modify s").code, 252);
  EXPECT_TRUE(server_.Asked<v1::GetSecurityGroupRequest>().empty());
}

TEST_F(NetworkCommandsTest, SecurityGroupShowsRulesAsTheyAreTyped) {
  v1::ListSecurityGroupsResponse response;
  v1::SecurityGroup* group = response.add_security_groups();
  group->set_name("s");
  group->set_enforcement("not-enforced");
  v1::SecurityGroupRule* rule = group->add_ingress();
  rule->set_protocol("tcp");
  rule->set_from_port(6379);
  rule->set_to_port(6379);
  rule->set_cidr("10.0.0.0/8");
  server_.Answer<v1::ListSecurityGroupsRequest>(response);
  EXPECT_EQ(Run("security-group list").out,
            "NAME  INGRESS                   ENFORCEMENT   DESCRIPTION\n"
            "s     tcp:6379-6379:10.0.0.0/8  not-enforced  -\n");
}

}  // namespace
}  // namespace cacheplane::cli
