#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "common/random_id.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

class ClusterCreateTest : public CommandLineTest {
 protected:
  void SetUp() override {
    v1::CreateClusterResponse response;
    response.mutable_cluster()->set_name("orders");
    response.mutable_cluster()->set_status("creating");
    response.mutable_cluster()->set_current_operation("op-1");
    *response.mutable_operation() = RunningOperation("create-cluster");
    server_.Answer<v1::CreateClusterRequest>(response);
    v1::Operation end = RunningOperation("create-cluster");
    end.set_revision(5);
    end.set_status("succeeded");
    EndOperation(server_, end, AvailableCluster());
  }

  v1::CreateClusterRequest Asked() {
    const auto asked = server_.Asked<v1::CreateClusterRequest>();
    EXPECT_EQ(asked.size(), 1U);
    return asked.empty() ? v1::CreateClusterRequest() : asked.front();
  }
};

TEST_F(ClusterCreateTest, SendsWhatTheFlagsSay) {
  const Outcome outcome = Run(
      "cluster create orders --engine valkey --engine-version 8.0 --node-type cache.t4g.small --replicas 2 --multi-az "
      "--no-automatic-failover --zones a,b,c --subnet-group net --security-groups s1,s2 --parameter-group p --port "
      "6400 "
      "--maintenance-window sun:05:00-sun:06:00 --snapshot-window 03:00-04:00 --snapshot-retention-days 0 "
      "--no-auto-minor-version-upgrade --description d --deletion-protection --tag a=1 --tag b= --request-id r");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::CreateClusterRequest request = Asked();
  EXPECT_EQ(request.name(), "orders");
  EXPECT_EQ(request.request_id(), "r");
  EXPECT_FALSE(request.validate_only());
  const v1::ClusterSpec& spec = request.spec();
  EXPECT_EQ(spec.engine(), "valkey");
  EXPECT_EQ(spec.engine_version(), "8.0");
  EXPECT_EQ(spec.node_type(), "cache.t4g.small");
  EXPECT_FALSE(spec.has_shard_count());
  EXPECT_EQ(spec.replicas_per_shard(), 2);
  EXPECT_TRUE(spec.multi_az());
  EXPECT_TRUE(spec.has_automatic_failover());
  EXPECT_FALSE(spec.automatic_failover());
  EXPECT_EQ(spec.preferred_zones_size(), 3);
  EXPECT_EQ(spec.subnet_group(), "net");
  EXPECT_EQ(spec.security_groups(1), "s2");
  EXPECT_EQ(spec.parameter_group(), "p");
  EXPECT_EQ(spec.port(), 6400);
  EXPECT_EQ(spec.maintenance_window(), "sun:05:00-sun:06:00");
  EXPECT_EQ(spec.snapshot_window(), "03:00-04:00");
  EXPECT_TRUE(spec.has_snapshot_retention_days());
  EXPECT_TRUE(spec.has_auto_minor_version_upgrade());
  EXPECT_FALSE(spec.auto_minor_version_upgrade());
  EXPECT_EQ(spec.description(), "d");
  EXPECT_TRUE(spec.deletion_protection());
  EXPECT_EQ(spec.tags().at("a"), "1");
  EXPECT_EQ(spec.tags().at("b"), "");
}

TEST_F(ClusterCreateTest, LeavesUnsetWhatIsNotGiven) {
  Run("cluster create orders");
  EXPECT_EQ(Asked().spec().ByteSizeLong(), 0U);
}

TEST_F(ClusterCreateTest, WaitsAndPrintsTheClusterAsItIsAtTheEnd) {
  const Outcome outcome = Run("cluster create orders -o json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json cluster = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(cluster["status"], "available");
  EXPECT_EQ(cluster["primary_endpoint"]["address"], "127.20.0.10");
  EXPECT_EQ(cluster["shards"][0]["nodes"][1]["role"], "replica");
  EXPECT_EQ(cluster["status_reason"], "");
  const auto waits = server_.Asked<v1::WaitOperationRequest>();
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].id(), "op-1");
  EXPECT_EQ(waits[0].known_revision(), 1);
  EXPECT_NE(outcome.err.find("create-cluster orders: operation op-1"), std::string::npos) << outcome.err;
}

TEST_F(ClusterCreateTest, TableShowsEndpointsAndNodes) {
  const Outcome outcome = Run("cluster create orders");
  EXPECT_NE(outcome.out.find("Primary endpoint:     127.20.0.10:6379"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("0001   orders-002  replica  us-east-1b"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("owner=ada, team=core"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
}

TEST_F(ClusterCreateTest, NoWaitPrintsTheClusterAndHowToWait) {
  const Outcome outcome = Run("cluster create orders --no-wait -o json");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["current_operation"], "op-1");
  EXPECT_NE(outcome.err.find("cachectl operation wait op-1"), std::string::npos);
  EXPECT_TRUE(server_.Asked<v1::WaitOperationRequest>().empty());
}

TEST_F(ClusterCreateTest, ValidateOnlyShowsTheClusterAsItWouldBe) {
  v1::CreateClusterResponse response;
  response.mutable_cluster()->set_name("orders");
  server_.Answer<v1::CreateClusterRequest>(response);
  EXPECT_EQ(Run("cluster create orders --validate-only -o names").out, "orders\n");
  EXPECT_TRUE(Asked().validate_only());
  EXPECT_TRUE(server_.Asked<v1::WaitOperationRequest>().empty());
}

TEST_F(ClusterCreateTest, FailedOperationIsCodeOneAndStillShowsTheCluster) {
  v1::Operation end = RunningOperation("create-cluster");
  end.set_status("failed");
  end.set_reason("no memory");
  v1::Cluster cluster = AvailableCluster();
  cluster.set_status("create-failed");
  EndOperation(server_, end, cluster);
  const Outcome outcome = Run("cluster create orders -o json");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("error: OperationFailed: create-cluster orders failed: no memory\n"), std::string::npos)
      << outcome.err;
  EXPECT_EQ(nlohmann::json::parse(outcome.out)["status"], "create-failed");
}

TEST_F(ClusterCreateTest, FileIsTheBaseAndFlagsWin) {
  input_ = R"({"node_type": "from-file", "replicas_per_shard": 2, "tags": {"a": "file", "b": "file"}})";
  EXPECT_EQ(Run("cluster create orders --file - --replicas 1 --tag a=flag").code, 0);
  const v1::ClusterSpec spec = Asked().spec();
  EXPECT_EQ(spec.node_type(), "from-file");
  EXPECT_EQ(spec.replicas_per_shard(), 1);
  EXPECT_EQ(spec.tags().at("a"), "flag");
  EXPECT_EQ(spec.tags().at("b"), "file");
}

TEST_F(ClusterCreateTest, UnknownFieldInTheFileIsNamed) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / ("spec-" + RandomHex(8) + ".json");
  std::ofstream(file) << R"({"node_typ": "x"})";
  const Outcome outcome = Run("cluster create orders --file " + file.string());
  std::filesystem::remove(file);
  EXPECT_EQ(outcome.code, 252);
  EXPECT_NE(outcome.err.find("node_typ"), std::string::npos) << outcome.err;
  EXPECT_TRUE(server_.Asked<v1::CreateClusterRequest>().empty());
}

TEST_F(ClusterCreateTest, MissingFileAndBadTagAreUsageErrors) {
  EXPECT_EQ(Run("cluster create orders --file /nonexistent/spec.json").code, 252);
  EXPECT_EQ(Run("cluster create orders --tag x").err, "error: Usage: tag \"x\": expected key=value\n");
  EXPECT_TRUE(server_.Asked<v1::CreateClusterRequest>().empty());
}

TEST_F(ClusterCreateTest, TerminalGetsOneBlockInColour) {
  tty_ = true;
  const Outcome outcome = Run("cluster create orders");
  EXPECT_NE(outcome.err.find("\x1b[1A\r\x1b[J"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.out.find("\x1b[32mavailable"), std::string::npos) << outcome.out;
}

TEST_F(ClusterCreateTest, NoColorAndDumbTerminalsGetPlainLines) {
  tty_ = true;
  for (const auto& [name, value] : std::map<std::string, std::string>{{"NO_COLOR", "1"}, {"TERM", "dumb"}}) {
    env_ = {{name, value}};
    const Outcome outcome = Run("cluster create orders");
    EXPECT_EQ((outcome.out + outcome.err).find('\x1b'), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace cacheplane::cli
