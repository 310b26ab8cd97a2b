#include "controlplane/gateway/aws/wire/xml.h"

#include <gtest/gtest.h>

#include <string>

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kNamespace = "http://elasticache.amazonaws.com/doc/2015-02-02/";

ResultDocument Encode(const std::string& action, const std::string& json) {
  return EncodeResult(*ApiModel::ElastiCache().FindOperation(action), Json::parse(json),
                      ApiModel::ElastiCache().xml_namespace(), "id-1");
}

std::string Response(const std::string& action, const std::string& content) {
  return "<" + action + "Response xmlns=\"" + kNamespace + "\">" + content +
         "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></" + action + "Response>";
}

TEST(XmlTest, ResultsAreWrappedAndListsNamedByTheModel) {
  const auto document = Encode("CreateReplicationGroup", R"({"ReplicationGroup":{
      "Status":"creating","ReplicationGroupId":"rg1","PendingModifiedValues":{},"MemberClusters":["rg1-001","rg1-002"],
      "NodeGroups":[{"NodeGroupId":"0001","PrimaryEndpoint":{"Address":"127.0.0.1","Port":6379}}],
      "SnapshotRetentionLimit":0,"ClusterEnabled":false,"UserGroupIds":["u1"],"LogDeliveryConfigurations":[],
      "ReplicationGroupCreateTime":"2026-11-23T01:05:45.333Z"}})");
  EXPECT_EQ(document.misfits, std::vector<std::string>{});
  EXPECT_EQ(document.xml,
            Response("CreateReplicationGroup",
                     "<CreateReplicationGroupResult><ReplicationGroup><ReplicationGroupId>rg1</ReplicationGroupId>"
                     "<Status>creating</Status><PendingModifiedValues></PendingModifiedValues>"
                     "<MemberClusters><ClusterId>rg1-001</ClusterId><ClusterId>rg1-002</ClusterId></MemberClusters>"
                     "<NodeGroups><NodeGroup><NodeGroupId>0001</NodeGroupId><PrimaryEndpoint>"
                     "<Address>127.0.0.1</Address><Port>6379</Port></PrimaryEndpoint></NodeGroup></NodeGroups>"
                     "<SnapshotRetentionLimit>0</SnapshotRetentionLimit><ClusterEnabled>false</ClusterEnabled>"
                     "<UserGroupIds><member>u1</member></UserGroupIds>"
                     "<LogDeliveryConfigurations></LogDeliveryConfigurations>"
                     "<ReplicationGroupCreateTime>2026-11-23T01:05:45.333Z</ReplicationGroupCreateTime>"
                     "</ReplicationGroup></CreateReplicationGroupResult>"));
}

TEST(XmlTest, MembersThatAreTheResultItself) {
  EXPECT_EQ(Encode("ListTagsForResource", R"({"TagList":[{"Key":"a","Value":""},{"Key":"b"}]})").xml,
            Response("ListTagsForResource",
                     "<ListTagsForResourceResult><TagList><Tag><Key>a</Key><Value></Value></Tag><Tag><Key>b</Key></Tag>"
                     "</TagList></ListTagsForResourceResult>"));
  EXPECT_EQ(Encode("DescribeEvents", "{}").xml,
            Response("DescribeEvents", "<DescribeEventsResult></DescribeEventsResult>"));
}

TEST(XmlTest, WithoutAnOutputThereIsNoResult) {
  for (const char* json : {"{}", "null"}) {
    const auto document = Encode("DeleteCacheSubnetGroup", json);
    EXPECT_EQ(document.xml, Response("DeleteCacheSubnetGroup", ""));
    EXPECT_TRUE(document.misfits.empty());
  }
}

TEST(XmlTest, WhatTheModelDoesNotHaveIsLeftOutAndTold) {
  const auto document = Encode("CreateReplicationGroup", R"({"Colour":"red","ReplicationGroup":{
      "ReplicationGroupId":7,"Status":"x","Hue":1,"MemberClusters":"a","ClusterEnabled":"true",
      "SnapshotRetentionLimit":1.5,"NodeGroups":[{"NodeGroupId":null}]}})");
  EXPECT_EQ(document.misfits,
            (std::vector<std::string>{"ReplicationGroup.ReplicationGroupId", "ReplicationGroup.MemberClusters",
                                      "ReplicationGroup.NodeGroups.NodeGroup.NodeGroupId",
                                      "ReplicationGroup.SnapshotRetentionLimit", "ReplicationGroup.ClusterEnabled",
                                      "ReplicationGroup.Hue", "Colour"}));
  EXPECT_EQ(document.xml, Response("CreateReplicationGroup",
                                   "<CreateReplicationGroupResult><ReplicationGroup><Status>x</Status>"
                                   "<NodeGroups><NodeGroup></NodeGroup></NodeGroups>"
                                   "</ReplicationGroup></CreateReplicationGroupResult>"));
  EXPECT_EQ(Encode("DeleteCacheSubnetGroup", "[1]").misfits.size(), 1U);
}

TEST(XmlTest, TextIsEscapedAndHeldByXml) {
  EXPECT_EQ(EscapeXml("a<b>&\"c\"'"), "a&lt;b&gt;&amp;&quot;c&quot;'");
  EXPECT_EQ(EscapeXml("tab\tline\nreturn\r"), "tab\tline\nreturn&#xD;");
  EXPECT_EQ(EscapeXml(std::string("\0\x01\x1F", 3)), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(EscapeXml("\xC3\xA9\xF0\x9F\x98\x80"), "\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(EscapeXml("\xFFok\xC3"), "\uFFFDok\uFFFD");
  EXPECT_EQ(EscapeXml("\xEF\xBF\xBE"), "\uFFFD");
  EXPECT_EQ(EscapeXml("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(XmlTest, FaultsSayWhoseTheyAre) {
  EXPECT_EQ(EncodeFault({"CacheClusterNotFound", 404, "no <a>"}, kNamespace, "id-1"),
            std::string("<ErrorResponse xmlns=\"") + kNamespace +
                "\"><Error><Type>Sender</Type><Code>CacheClusterNotFound</Code><Message>no &lt;a&gt;</Message></Error>"
                "<RequestId>id-1</RequestId></ErrorResponse>");
  EXPECT_NE(EncodeFault({"ServiceUnavailable", 503, ""}, kNamespace, "i").find("<Type>Receiver</Type>"),
            std::string::npos);
}

}  // namespace
}  // namespace cacheplane::gateway::aws
