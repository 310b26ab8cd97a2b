#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "cli/commands/client_program.h"
#include "common/random_id.h"
#include "tests/unit/cli/command_line_fixture.h"

namespace cacheplane::cli {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class ClusterConnectTest : public CommandLineTest {
 protected:
  void SetUp() override {
    directory_ = fs::temp_directory_path() / ("cachectl-connect-" + RandomHex(8));
    fs::create_directories(directory_);
    env_["PATH"] = (directory_ / "bin").string();
    env_["CACHEPLANE_IMAGES"] = (directory_ / "images").string();
    Serve(AvailableCluster());
  }
  void TearDown() override { fs::remove_all(directory_); }

  void Serve(const v1::Cluster& cluster) {
    v1::GetClusterResponse response;
    *response.mutable_cluster() = cluster;
    server_.Answer<v1::GetClusterRequest>(response);
  }
  std::string Program(const std::string& place) {
    const fs::path file = directory_ / place;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "#!/bin/sh\n";
    chmod(file.c_str(), 0755);
    return file.string();
  }

  fs::path directory_;
};

TEST_F(ClusterConnectTest, StartsTheEnginesClientOnThePrimaryEndpoint) {
  Program("bin/redis-cli");
  const std::string client = Program("bin/valkey-cli");
  Run("cluster connect orders");
  EXPECT_EQ(executed_, (Words{client, "-h", "127.20.0.10", "-p", "6379"}));
}

TEST_F(ClusterConnectTest, ReaderEndpointAndWordsForTheClient) {
  const std::string client = Program("bin/redis-cli");
  Run("cluster connect orders --reader -- GET key");
  EXPECT_EQ(executed_, (Words{client, "-h", "127.20.0.11", "-p", "6379", "GET", "key"}));
}

TEST_F(ClusterConnectTest, FallsBackToAnEngineImage) {
  Program("images/valkey-8.0.1/bin/valkey-cli");
  const std::string newest = Program("images/valkey-8.1.3/bin/valkey-cli");
  Run("cluster connect orders");
  EXPECT_EQ(executed_.front(), newest);
}

TEST_F(ClusterConnectTest, NoClientAnywhereIsNotFound) {
  const Outcome outcome = Run("cluster connect orders");
  EXPECT_EQ(outcome.code, 3);
  EXPECT_NE(outcome.err.find("valkey-cli"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("\nhint: "), std::string::npos) << outcome.err;
}

TEST_F(ClusterConnectTest, AClusterThatDoesNotServeYetIsAConflict) {
  v1::Cluster cluster = AvailableCluster();
  cluster.set_status("creating");
  cluster.clear_primary_endpoint();
  Serve(cluster);
  const Outcome outcome = Run("cluster connect orders");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.err, "error: FailedPrecondition: cluster orders is creating and has no primary endpoint yet\n");
  EXPECT_TRUE(executed_.empty());
}

TEST(ClientPrograms, TheEnginesOwnComesFirst) {
  EXPECT_EQ(ClientPrograms("redis").front(), "redis-cli");
  EXPECT_EQ(ClientPrograms("valkey").front(), "valkey-cli");
}

}  // namespace
}  // namespace cacheplane::cli
