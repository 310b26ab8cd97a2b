#include "tests/unit/cli/command_line_fixture.h"

#include <sstream>

#include "cli/commands/run.h"
#include "common/text.h"

namespace cacheplane::cli {
namespace {

void AddNode(v1::Shard& shard, const std::string& name, const std::string& role, const std::string& zone,
             const std::string& address) {
  v1::Node* node = shard.add_nodes();
  node->set_name(name);
  node->set_role(role);
  node->set_zone(zone);
  node->set_address(address);
  node->set_port(6379);
  node->set_engine_version("8.0.1");
  node->set_status("available");
}

}  // namespace

Outcome CommandLineTest::Run(const std::string& line) { return Run(Split(line, ' ')); }

Outcome CommandLineTest::Run(const std::vector<std::string>& words) {
  std::istringstream in(input_);
  std::ostringstream out;
  std::ostringstream err;
  const SystemClock clock;
  env_.emplace("CACHEPLANE_ENDPOINT", server_.endpoint());
  const auto env = [this](const std::string& name) {
    const auto found = env_.find(name);
    return found == env_.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
  const auto exec = [this](const std::vector<std::string>& argv) {
    executed_ = argv;
    return Internal("not started in a test");
  };
  Host host{in, out, err, tty_, tty_, tty_, 80, env, exec, clock};
  const int code = RunCachectl(words, host);
  return {code, out.str(), err.str()};
}

v1::Cluster AvailableCluster() {
  v1::Cluster cluster;
  cluster.set_name("orders");
  cluster.set_status("available");
  cluster.set_etag("e7");
  cluster.mutable_spec()->set_engine("valkey");
  cluster.mutable_spec()->set_engine_version("8.0");
  cluster.mutable_spec()->set_node_type("cache.t4g.small");
  cluster.mutable_spec()->set_replicas_per_shard(1);
  cluster.mutable_spec()->set_multi_az(true);
  (*cluster.mutable_spec()->mutable_tags())["team"] = "core";
  (*cluster.mutable_spec()->mutable_tags())["owner"] = "ada";
  cluster.mutable_primary_endpoint()->set_address("127.20.0.10");
  cluster.mutable_primary_endpoint()->set_port(6379);
  cluster.mutable_reader_endpoint()->set_address("127.20.0.11");
  cluster.mutable_reader_endpoint()->set_port(6379);
  v1::Shard* shard = cluster.add_shards();
  shard->set_id("0001");
  AddNode(*shard, "orders-001", "primary", "us-east-1a", "127.20.0.20");
  AddNode(*shard, "orders-002", "replica", "us-east-1b", "127.20.16.20");
  return cluster;
}

v1::Operation RunningOperation(const std::string& kind) {
  v1::Operation operation;
  operation.set_id("op-1");
  operation.set_kind(kind);
  operation.set_target("orders");
  operation.set_status("running");
  operation.set_revision(1);
  return operation;
}

void EndOperation(FakeControlPlane& server, const v1::Operation& end, const v1::Cluster& cluster) {
  v1::WaitOperationResponse waited;
  *waited.mutable_operation() = end;
  server.Answer<v1::WaitOperationRequest>(waited);
  v1::GetClusterResponse got;
  *got.mutable_cluster() = cluster;
  server.Answer<v1::GetClusterRequest>(got);
}

}  // namespace cacheplane::cli
