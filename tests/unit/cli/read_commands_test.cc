// Lists and descriptions of clusters, catalogue, fleet and operations.
#include <nlohmann/json.hpp>

#include "cacheplane/v1/catalog.pb.h"
#include "cacheplane/v1/fleet.pb.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class ReadCommandsTest : public CommandLineTest {};

TEST_F(ReadCommandsTest, ClusterList) {
  v1::ListClustersResponse response;
  *response.add_clusters() = AvailableCluster();
  server_.Answer<v1::ListClustersRequest>(response);
  EXPECT_EQ(Run("cluster list").out,
            "NAME    STATUS     ENGINE      NODE TYPE        NODES  MULTI-AZ  PRIMARY ENDPOINT  REASON\n"
            "orders  available  valkey 8.0  cache.t4g.small  2      yes       127.20.0.10:6379  -\n");
  EXPECT_EQ(Run("cluster list -o names").out, "orders\n");
  EXPECT_EQ(nlohmann::json::parse(Run("cluster list -o json").out)["clusters"][0]["name"], "orders");
}

TEST_F(ReadCommandsTest, ClusterDescribe) {
  v1::GetClusterResponse response;
  *response.mutable_cluster() = AvailableCluster();
  response.mutable_cluster()->add_notices("security groups are not enforced yet");
  server_.Answer<v1::GetClusterRequest>(response);
  const Outcome outcome = Run("cluster describe Orders");
  EXPECT_EQ(server_.Asked<v1::GetClusterRequest>().front().name(), "Orders");
  EXPECT_NE(outcome.out.find("Notice:               security groups are not enforced yet\n"), std::string::npos)
      << outcome.out;
}

TEST_F(ReadCommandsTest, Catalogue) {
  v1::ListEngineVersionsResponse versions;
  v1::EngineVersion* version = versions.add_engine_versions();
  version->set_engine("valkey");
  version->set_version("8.0");
  version->set_parameter_group_family("valkey8");
  version->add_images("8.0.1");
  version->set_is_default(true);
  server_.Answer<v1::ListEngineVersionsRequest>(versions);
  EXPECT_EQ(Run("engine-version list --engine valkey").out,
            "ENGINE  VERSION  DEFAULT  PARAMETER GROUP FAMILY  IMAGES\n"
            "valkey  8.0      yes      valkey8                 8.0.1\n");
  EXPECT_EQ(server_.Asked<v1::ListEngineVersionsRequest>().front().engine(), "valkey");

  v1::ListNodeTypesResponse types;
  types.add_node_types()->set_name("cache.t4g.small");
  types.mutable_node_types(0)->set_memory_bytes(1'471'026'299);
  server_.Answer<v1::ListNodeTypesRequest>(types);
  EXPECT_NE(Run("node-type list").out.find("1.4 GiB"), std::string::npos);
}

TEST_F(ReadCommandsTest, Fleet) {
  v1::GetAgentResponse agent;
  agent.mutable_agent()->set_name("agent-a");
  agent.mutable_agent()->set_connected(true);
  agent.mutable_agent()->add_unknown_nodes("left-001");
  server_.Answer<v1::GetAgentRequest>(agent);
  const std::string description = Run("agent describe agent-a").out;
  EXPECT_NE(description.find("Connected:        yes\n"), std::string::npos) << description;
  EXPECT_NE(description.find("Unknown node:     left-001\n"), std::string::npos) << description;

  EXPECT_EQ(Run("node list --cluster orders --agent agent-a").code, 0);
  const v1::ListNodesRequest nodes = server_.Asked<v1::ListNodesRequest>().front();
  EXPECT_EQ(nodes.cluster(), "orders");
  EXPECT_EQ(nodes.agent(), "agent-a");

  EXPECT_EQ(Run("agent list").code, 0);
  EXPECT_EQ(Run("router list").out, "NAME  CONNECTED  DATA PATH  MAP VERSION  LAST HEARD\n");
}

TEST_F(ReadCommandsTest, Operations) {
  v1::ListOperationsResponse list;
  *list.add_operations() = RunningOperation("create-cluster");
  server_.Answer<v1::ListOperationsRequest>(list);
  EXPECT_EQ(Run("operation list --cluster orders -o names").out, "op-1\n");
  EXPECT_EQ(server_.Asked<v1::ListOperationsRequest>().front().target(), "orders");

  v1::GetOperationResponse got;
  *got.mutable_operation() = RunningOperation("create-cluster");
  server_.Answer<v1::GetOperationRequest>(got);
  EXPECT_EQ(nlohmann::json::parse(Run("operation get op-1 -o json").out)["progress_percent"], 0);
}

TEST_F(ReadCommandsTest, VersionNeedsNoServer) {
  env_["CACHEPLANE_ENDPOINT"] = "127.0.0.1:1";
  EXPECT_EQ(Run("version").out.rfind("cachectl ", 0), 0U);
  EXPECT_TRUE(nlohmann::json::parse(Run("version -o json").out).contains("version"));
}

}  // namespace
}  // namespace cacheplane::cli
