#include "cli/output/json.h"

#include <gtest/gtest.h>

#include "cacheplane/v1/cluster.pb.h"

namespace cacheplane::cli {
namespace {

TEST(Json, KeepsProtoNamesAndPrintsDefaults) {
  v1::Cluster cluster;
  cluster.set_name("orders");
  cluster.mutable_primary_endpoint()->set_port(6379);
  const std::string json = ToJson(cluster);
  EXPECT_NE(json.find("\"status_reason\": \"\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"primary_endpoint\": {"), std::string::npos) << json;
  EXPECT_NE(json.find("\"notices\": []"), std::string::npos) << json;
  EXPECT_EQ(json.back(), '\n');
}

TEST(Json, MapKeysAreInOrder) {
  v1::ClusterSpec spec;
  for (int i = 40; i >= 10; --i) (*spec.mutable_tags())["key" + std::to_string(i)] = "v";
  const std::string json = ToJson(spec);
  for (int i = 10; i < 40; ++i) {
    EXPECT_LT(json.find("key" + std::to_string(i)), json.find("key" + std::to_string(i + 1))) << i;
  }
}

TEST(Json, LineHasNoLineBreakInside) {
  v1::Cluster cluster;
  cluster.set_name("a\nb");
  const std::string line = ToJsonLine(cluster);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(Json, ReadsBothSpellings) {
  v1::ClusterSpec spec;
  ASSERT_TRUE(FromJson(R"({"node_type": "t", "replicasPerShard": 2, "tags": {"a": "b"}})", spec).ok());
  EXPECT_EQ(spec.node_type(), "t");
  EXPECT_EQ(spec.replicas_per_shard(), 2);
  EXPECT_EQ(spec.tags().at("a"), "b");
}

TEST(Json, NamesTheUnknownField) {
  v1::ClusterSpec spec;
  const Status status = FromJson(R"({"node_typ": "t"})", spec);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("node_typ"), std::string::npos) << status.error().message;
  EXPECT_FALSE(FromJson("{", spec).ok());
}

}  // namespace
}  // namespace cacheplane::cli
