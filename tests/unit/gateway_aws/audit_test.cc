// What the endpoint puts into the audit log, and that a signature is good for one change.
#include <array>

#include "controlplane/service/audit_service.h"
#include "tests/unit/gateway_aws/endpoint_fixture.h"

namespace cacheplane::gateway::aws {
namespace {

class AwsAudit : public AwsEndpointTest {
 protected:
  static std::string Body(const std::string& action, const std::string& parameters) {
    return "Action=" + action + "&" + parameters + kVersion;
  }
  static HttpRequest Signed(HttpRequest request, const std::string& signature) {
    request.headers.emplace_back("x-test-signature", signature);
    return request;
  }
  std::vector<model::AuditRecord> Records() {
    const auto page = service::AuditService(store_).ListAuditRecords({});
    return page.ok() ? page->items : std::vector<model::AuditRecord>();
  }
  std::vector<std::string> Outcomes() {
    std::vector<std::string> outcomes;
    for (const auto& record : Records()) outcomes.push_back(record.operation + ": " + record.outcome);
    return outcomes;
  }

  const std::string delete_ = Body("DeleteCacheCluster", "CacheClusterId=a");
};

TEST_F(AwsAudit, ACallIsRecordedWholeBeforeItsAnswer) {
  HttpRequest request = Request(Body("DeleteCacheCluster", "CacheClusterId=Orders-001&Colour=red"), "operator");
  request.peer = "127.0.0.1:40312";
  Send(request);
  EXPECT_TRUE(Records().empty()) << "it is not answered yet";
  pending_[0](Json{{"CacheCluster", Json{{"CacheClusterId", "a"}}}});
  ASSERT_EQ(Records().size(), 1U);
  model::AuditRecord expected;
  expected.sequence = 1;
  expected.time = clock_.Now();
  expected.admitted = true;
  expected.caller = "operator";
  expected.caller_name = "the operator";
  expected.role = "operator";
  expected.peer = "127.0.0.1:40312";
  expected.interface = "aws-query";
  expected.operation = "DeleteCacheCluster";
  expected.resource_kind = "cache-cluster";
  expected.resource = "orders-001";
  expected.parameters = {{"CacheClusterId", "Orders-001"}, {"Colour", "red"}};
  expected.outcome = "ok";
  expected.request_id = IdOf(answers_.at(0));
  EXPECT_EQ(Records()[0], expected);
}

TEST_F(AwsAudit, RefusalsAreRecordedWhoeverRefuses) {
  Ask(Request(Body("DeleteCacheSubnetGroup", "CacheSubnetGroupName=a")));
  Ask(Request(Body("DeleteCacheSubnetGroup", "CacheSubnetGroupName=a"), "viewer"));
  Ask(Request(Body("DeleteCacheSubnetGroup", "CacheSubnetGroupName=a"), "nobody"));
  Ask(Request(Body("DeleteCacheSubnetGroup", "")));
  Ask(Request(Body("CreateUser", "UserId=u")));
  Ask(Request(Body("TestFailover", "ReplicationGroupId=a&NodeGroupId=0001")));
  EXPECT_EQ(Outcomes(),
            (std::vector<std::string>{
                "TestFailover: InternalFailure", "CreateUser: InvalidAction",
                "DeleteCacheSubnetGroup: MissingParameter", "DeleteCacheSubnetGroup: MissingAuthenticationToken",
                "DeleteCacheSubnetGroup: AccessDenied", "DeleteCacheSubnetGroup: CacheSubnetGroupInUse"}));
  const auto records = Records();
  ASSERT_EQ(records.size(), 6U);
  EXPECT_FALSE(records[3].admitted);
  EXPECT_EQ(records[3].caller, "nobody") << "what it says it is";
  EXPECT_EQ(records[3].role, "");
  EXPECT_EQ(records[3].resource_kind + "/" + records[3].resource, "subnet-group/a");
  EXPECT_EQ(records[4].role, "viewer");
  EXPECT_EQ(records[5].message, "it is used");
}

TEST_F(AwsAudit, ReadsAndWhatIsNoCallLeaveNothing) {
  Ask(Request(Body("DescribeEvents", "")));
  Ask(Request(Body("ListTagsForResource", "ResourceName=x"), "nobody"));
  Ask(Request("A=%"));
  Ask(Request("Version=2015-02-02"));
  HttpRequest get = Request(delete_);
  get.method = "GET";
  Ask(get);
  EXPECT_TRUE(Records().empty());
}

TEST_F(AwsAudit, SecretsAreNeverRecorded) {
  for (const char* key : {"admin", "nobody"}) {
    Ask(Request(Body("CreateReplicationGroup",
                     "ReplicationGroupId=a&AuthToken=hunter2hunter2&authtoken.member.1=hunter2hunter2x"),
                key));
    Ask(Request(Body("CreateUser",
                     "UserId=u&Passwords.member.1=hunter2hunter2&AuthenticationMode.Passwords.member.1="
                     "hunter2hunter2"),
                key));
  }
  ASSERT_EQ(Records().size(), 4U);
  for (const model::AuditRecord& record : Records()) {
    std::string all = record.message;
    for (const auto& [name, value] : record.parameters) all += name + "=" + value + ";";
    EXPECT_EQ(all.find("hunter2"), std::string::npos) << all;
    EXPECT_NE(all.find("(not shown)"), std::string::npos) << all;
  }
}

TEST_F(AwsAudit, AValueIsAsSecretAsItsName) {
  Ask(Request(Body("ModifyCacheParameterGroup",
                   "CacheParameterGroupName=carts&ParameterNameValues.ParameterNameValue.1.ParameterName=requirepass&"
                   "ParameterNameValues.ParameterNameValue.1.ParameterValue=hunter2&"
                   "ParameterNameValues.ParameterNameValue.2.ParameterName=timeout&"
                   "ParameterNameValues.ParameterNameValue.2.ParameterValue=60")));
  const auto parameters = Records().at(0).parameters;
  EXPECT_EQ(parameters.at("ParameterNameValues.ParameterNameValue.1.ParameterValue"), "(not shown)");
  EXPECT_EQ(parameters.at("ParameterNameValues.ParameterNameValue.2.ParameterValue"), "60");
}

TEST_F(AwsAudit, MessagesTellNoSecretEither) {
  const HttpResponse answer = Ask(Request(Body("DeleteCacheSubnetGroup", "CacheSubnetGroupName=a&AuthToken=used")));
  EXPECT_EQ(MessageOf(answer), "it is used");
  EXPECT_EQ(Records().at(0).message, "it is (not shown)");
}

TEST_F(AwsAudit, AnArnNamesTheResource) {
  const std::string start = "Tags.Tag.1.Key=a&ResourceName=arn%3Aaws%3Aelasticache%3Aus-east-2%3A000000000000%3A";
  for (const auto& [rest, kind, name] :
       std::vector<std::array<std::string, 3>>{{"replicationgroup%3AOrders", "cluster", "orders"},
                                               {"parametergroup%3Acarts", "parameter-group", "carts"},
                                               {"user%3Au", "user", "u"}}) {
    Ask(Request(Body("AddTagsToResource", start + rest)));
    EXPECT_EQ(Records()[0].resource_kind, kind);
    EXPECT_EQ(Records()[0].resource, name);
  }
  for (const std::string& nothing : {std::string("ResourceName=x"), start + std::string(5000, 'k') + "%3Au"}) {
    Ask(Request(Body("AddTagsToResource", nothing)));
    EXPECT_EQ(Records()[0].resource_kind, "");
  }
}

TEST_F(AwsAudit, ABatchIsOfWhatItNamesAloneAndRefusedWhenNothingWasDone) {
  const std::string update = "ServiceUpdateName=valkey-8.0.10&";
  Ask(Request(Body("BatchApplyUpdateAction", update + "ReplicationGroupIds.member.1=Orders")));
  EXPECT_EQ(Records()[0].resource_kind, "cluster");
  EXPECT_EQ(Records()[0].resource, "orders");
  EXPECT_EQ(Records()[0].outcome, "ReplicationGroupNotFoundFault");
  EXPECT_EQ(Records()[0].message, "there is none");
  Ask(Request(Body("BatchApplyUpdateAction", update + "ReplicationGroupIds.member.1=a&CacheClusterIds.member.1=b")));
  EXPECT_EQ(Records()[0].resource_kind, "service-update");
}

TEST_F(AwsAudit, AHeaderWithoutSenseIsReadable) {
  Ask(Request(delete_, "\xff\xfe"));
  EXPECT_EQ(Records().at(0).caller, "??");
}

TEST_F(AwsAudit, ACapturedChangeIsNotCarriedOutAgain) {
  Send(Signed(Attempt(delete_, "i-1"), "s-1"));
  pending_.at(0)(Json::object());
  for (const HttpRequest& replay : {Signed(Attempt(delete_, "i-2"), "s-1"), Signed(Request(delete_), "s-1")}) {
    ExpectFault(Ask(replay), 400, "Throttling",
                "the signature was used before, and is good for one change; allowed: a call signed again");
  }
  EXPECT_EQ(calls_.size(), 1U);
  EXPECT_EQ(Outcomes(), (std::vector<std::string>{"DeleteCacheCluster: Throttling", "DeleteCacheCluster: Throttling",
                                                  "DeleteCacheCluster: ok"}));
  EXPECT_FALSE(Records()[0].admitted) << "whoever sends it again need not have the key";
  EXPECT_TRUE(Records()[2].admitted);
  EXPECT_EQ(Ask(Signed(Attempt(delete_, "i-1"), "s-1")).body, answers_.at(0).body) << "the same attempt";
  clock_.mono += std::chrono::minutes(5);
  EXPECT_EQ(CodeOf(Ask(Signed(Attempt(delete_, "i-1"), "s-1"))), "Throttling") << "its answer is forgotten";
  EXPECT_EQ(calls_.size(), 1U);
}

TEST_F(AwsAudit, TheSameCallSignedAnewIsCarriedOut) {
  Send(Signed(Request(delete_), "s-1"));
  Send(Signed(Request(delete_), "s-2"));
  EXPECT_EQ(calls_.size(), 2U);
}

TEST_F(AwsAudit, ASignatureOfAReadMayComeAgain) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Ask(Signed(Request(Body("DescribeEvents", "")), "s-1")).status, 200);
  EXPECT_EQ(calls_.size(), 2U);
}

TEST_F(AwsAudit, ARetryThatGetsTheFirstAnswerLeavesNoRecordOfItsOwn) {
  Send(Signed(Attempt(delete_, "i-1"), "s-1"));
  Send(Signed(Attempt(delete_, "i-1"), "s-2"));
  pending_.at(0)(Json::object());
  EXPECT_EQ(answers_.size(), 2U);
  EXPECT_EQ(Records().size(), 1U);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
