// EC2's read-only calls, from the form to the document.
#include <gtest/gtest.h>

#include "controlplane/gateway/aws/ec2/filters.h"
#include "controlplane/gateway/aws/ec2/handlers.h"
#include "controlplane/gateway/aws/ec2/network_rows.h"
#include "controlplane/service/network_service.h"
#include "tests/unit/gateway_aws/endpoint_fixture.h"
#include "tests/unit/service/world.h"

namespace cacheplane::gateway::aws {
namespace {

using Texts = std::vector<std::string>;

class AwsEc2 : public testing::Test {
 protected:
  HttpResponse Ask(const std::string& action, const std::string& parameters = "", const std::string& key = "viewer") {
    HttpResponse answer;
    const std::string body = "Action=" + action + "&Version=2016-11-15" + (parameters.empty() ? "" : "&") + parameters;
    endpoint_.Handle(Request(body, key, "ec2"), [&](HttpResponse response) { answer = std::move(response); });
    return answer;
  }
  // What every `element` of the answer holds.
  Texts All(const std::string& element, const std::string& action, const std::string& parameters = "") {
    const HttpResponse response = Ask(action, parameters);
    EXPECT_EQ(response.status, 200) << response.body;
    Texts texts;
    std::string rest = response.body;
    for (auto at = rest.find("<" + element + ">"); at != std::string::npos; at = rest.find("<" + element + ">")) {
      rest = rest.substr(at + element.size() + 2);
      texts.push_back(rest.substr(0, rest.find('<')));
    }
    return texts;
  }
  std::string Refused(const std::string& action, const std::string& parameters = "") {
    const HttpResponse response = Ask(action, parameters);
    return std::to_string(response.status) + " " + CodeOf(response) + " " + MessageOf(response);
  }
  static std::string Filter(const std::string& name, const std::string& value, int number = 1) {
    const std::string prefix = "Filter." + std::to_string(number) + ".";
    return prefix + "Name=" + name + "&" + prefix + "Value.1=" + value;
  }

  service::World world_;
  service::NetworkService networks_{world_.store, world_.signals, world_.clock};
  FixedClock clock_;
  FakeAuthenticator authenticator_;
  service::AuditTrail trail_{world_.store, clock_};
  AwsEndpoint endpoint_{{authenticator_, clock_, {}, trail_, ec2::BuildTable(networks_)}};
};

const Texts kSubnets = {"subnet-us-east-1a", "subnet-us-east-1b", "subnet-us-east-1c"};

TEST_F(AwsEc2, DocumentsAreEc2s) {
  const HttpResponse response = Ask("DescribeAvailabilityZones", "ZoneName.1=us-east-1b");
  EXPECT_EQ(
      response.body,
      "<DescribeAvailabilityZonesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>" +
          Between(response.body, "<requestId>", "</requestId>") +
          "</requestId><availabilityZoneInfo><item><zoneName>us-east-1b</zoneName><zoneState>available</zoneState>"
          "<regionName>us-east-2</regionName><messageSet></messageSet><zoneId>us-east-1b</zoneId>"
          "<groupName>us-east-2</groupName><networkBorderGroup>us-east-2</networkBorderGroup>"
          "<zoneType>availability-zone</zoneType><optInStatus>opt-in-not-required</optInStatus></item>"
          "</availabilityZoneInfo></DescribeAvailabilityZonesResponse>");
  const HttpResponse refused = Ask("DescribeInstances");
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(refused.body.starts_with("<Response><Errors><Error><Code>InvalidAction</Code><Message>")) << refused.body;
  EXPECT_TRUE(refused.body.ends_with("</RequestID></Response>")) << refused.body;
}

TEST_F(AwsEc2, NothingIsEverChanged) {
  for (const char* action : {"CreateSubnet", "CreateVpc", "DeleteSecurityGroup", "AuthorizeSecurityGroupIngress"}) {
    EXPECT_TRUE(Refused(action).starts_with("400 InvalidAction")) << action;
  }
  EXPECT_EQ(Ask("DescribeSubnets", "", "nobody").status, 403);
}

TEST_F(AwsEc2, ZonesAreThoseOfSubnets) {
  EXPECT_EQ(All("zoneName", "DescribeAvailabilityZones"), (Texts{"us-east-1a", "us-east-1b", "us-east-1c"}));
  EXPECT_EQ(All("zoneName", "DescribeAvailabilityZones", Filter("state", "available")).size(), 3U);
  EXPECT_EQ(All("zoneName", "DescribeAvailabilityZones", Filter("state", "impaired")), Texts{});
  EXPECT_EQ(All("zoneName", "DescribeAvailabilityZones", Filter("region-name", "us-east-2")).size(), 3U);
  EXPECT_EQ(Refused("DescribeAvailabilityZones", "ZoneName.1=mars"),
            "400 InvalidParameterValue ZoneName: \"mars\" does not exist");
}

TEST_F(AwsEc2, SubnetsAreFound) {
  ASSERT_TRUE(networks_.CreateSubnet({"more", "us-east-1b", "10.9.0.0/24"}).ok());
  const auto found = [&](const std::string& parameters) { return All("subnetId", "DescribeSubnets", parameters); };
  EXPECT_EQ(found("").size(), 4U);
  EXPECT_EQ(found("SubnetId.1=subnet-us-east-1c&SubnetId.3=more"), (Texts{"more", kSubnets[2]}));
  EXPECT_EQ(found(Filter("vpc-id", "vpc-cacheplane") + "&" + Filter("availability-zone", "us-east-1b", 2)),
            (Texts{"more", kSubnets[1]}));
  EXPECT_EQ(found("Filter.1.Name=subnet-id&Filter.1.Value.1=more&Filter.1.Value.2=%2A-1a"),
            (Texts{"more", kSubnets[0]}));
  EXPECT_EQ(found(Filter("cidr-block", "10.9.0.0/24")), Texts{"more"});
  EXPECT_EQ(found(Filter("defaultForAz", "true")), (Texts{"more", kSubnets[0], kSubnets[2]})) << "the first of each";
  EXPECT_EQ(found(Filter("tag%3AName", "anything")), Texts{});
  EXPECT_EQ(found(Filter("vpc-id", "vpc-other")), Texts{});
  EXPECT_EQ(All("cidrBlock", "DescribeSubnets", "SubnetId.1=more"), Texts{"10.9.0.0/24"});
  EXPECT_EQ(All("availableIpAddressCount", "DescribeSubnets", "SubnetId.1=more"), Texts{"251"});
}

TEST_F(AwsEc2, ThePagesOfAListMakeTheWhole) {
  for (int i = 0; i < 9; ++i) {
    const std::string number = std::to_string(i);
    ASSERT_TRUE(networks_.CreateSubnet({"more-" + number, "us-east-1a", "10.9." + number + ".0/24"}).ok());
  }
  Texts seen;
  std::string token;
  do {
    const std::string parameters = "MaxResults=5" + (token.empty() ? "" : "&NextToken=" + token);
    const Texts page = All("subnetId", "DescribeSubnets", parameters);
    EXPECT_LE(page.size(), 5U);
    seen.insert(seen.end(), page.begin(), page.end());
    const Texts next = All("nextToken", "DescribeSubnets", parameters);
    token = next.empty() ? "" : next.front();
  } while (!token.empty());
  EXPECT_EQ(seen, All("subnetId", "DescribeSubnets"));
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_EQ(Refused("DescribeSubnets", "MaxResults=4"),
            "400 InvalidParameterValue MaxResults: 4 is out of range; allowed: 5 to 1000");
  EXPECT_TRUE(Refused("DescribeSubnets", "NextToken=x").starts_with("400 InvalidParameterValue NextToken: \"x\""));
}

TEST_F(AwsEc2, SecurityGroupsAreFound) {
  service::SecurityGroupDraft draft{"web", "of the web", {{"tcp", 6379, 6380, "10.0.0.0/8", "inside"}}};
  ASSERT_TRUE(networks_.CreateSecurityGroup(draft).ok());
  const auto found = [&](const std::string& text) { return All("groupName", "DescribeSecurityGroups", text); };
  EXPECT_EQ(found(""), (Texts{"default", "web"}));
  EXPECT_EQ(found("GroupId.1=web"), Texts{"web"});
  EXPECT_EQ(found("GroupName.1=default"), Texts{"default"});
  EXPECT_EQ(found(Filter("group-name", "we%3F") + "&" + Filter("vpc-id", "vpc-cacheplane", 2)), Texts{"web"});
  EXPECT_EQ(found(Filter("ip-permission.cidr", "10.0.0.0/8")), Texts{"web"});
  EXPECT_EQ(found(Filter("egress.ip-permission.cidr", "0.0.0.0/0")), Texts{});
  EXPECT_EQ(All("toPort", "DescribeSecurityGroups", "GroupId.1=web"), Texts{"6380"});
  EXPECT_EQ(All("cidrIp", "DescribeSecurityGroups", "GroupId.1=web"), Texts{"10.0.0.0/8"});
  EXPECT_EQ(Refused("DescribeSecurityGroups", "GroupId.1=sg-1"),
            "400 InvalidGroup.NotFound GroupId: \"sg-1\" does not exist");
}

TEST_F(AwsEc2, TheNetworkHoldsEverySubnet) {
  EXPECT_EQ(All("vpcId", "DescribeVpcs", Filter("isDefault", "true")), Texts{"vpc-cacheplane"});
  EXPECT_EQ(All("vpcId", "DescribeVpcs", "VpcId.1=vpc-cacheplane"), Texts{"vpc-cacheplane"});
  EXPECT_EQ(All("cidrBlock", "DescribeVpcs").front(), "127.20.0.0/18");
  EXPECT_TRUE(Refused("DescribeVpcs", "VpcId.1=vpc-1").starts_with("400 InvalidVpcID.NotFound"));
  EXPECT_EQ(All("value", "DescribeVpcAttribute", "VpcId=vpc-cacheplane&Attribute=enableDnsSupport"), Texts{"false"});
  EXPECT_TRUE(Refused("DescribeVpcAttribute", "VpcId=vpc-cacheplane&Attribute=colour")
                  .starts_with("400 InvalidParameterValue Attribute: \"colour\" is unknown; allowed: \"enable"));
  EXPECT_TRUE(
      Refused("DescribeVpcAttribute", "VpcId=vpc-1&Attribute=enableDnsSupport").starts_with("400 InvalidVpcID"));
  EXPECT_TRUE(Refused("DescribeVpcAttribute", "VpcId=vpc-1").starts_with("400 MissingParameter Attribute"));
}

TEST_F(AwsEc2, FiltersThatEc2DoesNotHaveAreRefused) {
  const std::string refused = Refused("DescribeVpcs", Filter("colour", "red"));
  EXPECT_TRUE(
      refused.starts_with("400 InvalidParameterValue Filter: The filter \"colour\" is invalid; allowed: \"cidr\""))
      << refused;
  EXPECT_EQ(Refused("DescribeVpcs", "Filter.1.Name=state"),
            "400 InvalidParameterValue Filter: \"state\" has no value; allowed: Filter.N.Value.1 and more");
  EXPECT_TRUE(
      Refused("DescribeVpcs", "Filter.1.Value.1=x").starts_with("400 InvalidParameterValue Filter: The filter"));
  EXPECT_TRUE(Refused("DescribeVpcs", "Filter.x.Name=state").starts_with("400 InvalidParameterValue"));
}

TEST(Ec2Pattern, HasStarsAndQuestionMarks) {
  for (const auto& [pattern, text] : std::vector<std::pair<std::string, std::string>>{{"*", ""},
                                                                                      {"*", "abc"},
                                                                                      {"a*c", "abbc"},
                                                                                      {"a?c", "abc"},
                                                                                      {"", ""},
                                                                                      {"a**", "a"},
                                                                                      {"*b*", "abc"},
                                                                                      {R"(a\*)", "a*"},
                                                                                      {R"(a\?)", "a?"},
                                                                                      {"*a", "aa"},
                                                                                      {R"(a\)", R"(a\)"}}) {
    EXPECT_TRUE(ec2::MatchesPattern(pattern, text)) << pattern << " " << text;
  }
  for (const auto& [pattern, text] : std::vector<std::pair<std::string, std::string>>{{"", "a"},
                                                                                      {"a", ""},
                                                                                      {"?", ""},
                                                                                      {"a?c", "abbc"},
                                                                                      {"a*c", "ab"},
                                                                                      {R"(a\*)", "ab"},
                                                                                      {"A", "a"},
                                                                                      {"ab", "abc"}}) {
    EXPECT_FALSE(ec2::MatchesPattern(pattern, text)) << pattern << " " << text;
  }
  std::string hostile;
  for (int i = 0; i < 2000; ++i) hostile += "*a";
  EXPECT_FALSE(ec2::MatchesPattern(hostile + "b", std::string(255, 'a')));
}

TEST(Ec2Range, IsTheSmallestThatHoldsAll) {
  const auto of = [](const Texts& ranges) {
    std::vector<service::SubnetDetails> subnets;
    for (const std::string& range : ranges) subnets.push_back({{"", "", *model::ParseCidr(range)}, 0});
    const auto all = ec2::RangeOf(subnets);
    return all ? model::FormatCidr(*all) : "none";
  };
  EXPECT_EQ(of({}), "none");
  EXPECT_EQ(of({"10.1.2.0/24"}), "10.1.2.0/24");
  EXPECT_EQ(of({"10.1.3.0/24", "10.1.2.0/24"}), "10.1.2.0/23");
  EXPECT_EQ(of({"10.0.0.0/24", "192.168.0.0/24"}), "0.0.0.0/0");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
