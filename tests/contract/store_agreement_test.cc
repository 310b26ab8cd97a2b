// The same random writes against every implementation: each call must answer alike, and each state must be the same.
#include <gtest/gtest.h>

#include <random>

#include "controlplane/store/sqlite_store.h"
#include "tests/contract/store_builders.h"
#include "tests/contract/temporary_directory.h"
#include "tests/support/memory_store.h"

namespace cacheplane::test {
namespace {

using ports::Transaction;

// Small ranges, so that rows collide and refer to each other often.
class RandomWrites {
 public:
  explicit RandomWrites(unsigned seed) : random_(seed) {}

  // What the calls answered.
  Status Run(Transaction& transaction, std::vector<std::string>& answers) {
    const int calls = Below(6);
    for (int i = 0; i < calls; ++i) answers.push_back(Call(transaction));
    return Below(5) == 0 ? Status(Aborted("by chance")) : Status();
  }

 private:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  std::string Name(const std::string& prefix) { return prefix + std::to_string(Below(4)); }

  model::Cluster Cluster() {
    model::Cluster cluster = ACluster(Name("c"));
    cluster.uid = model::ClusterUid(Name("u"));
    cluster.generation = static_cast<std::uint64_t>(1 + Below(4));
    cluster.spec.subnet_group = Name("g");
    cluster.spec.security_groups.assign(static_cast<std::size_t>(Below(3)), Name("s"));
    return cluster;
  }

  model::Node Node() {
    model::Node node = ANode(Cluster(), Below(4), Name("10.0.0."));
    node.incarnation = model::Incarnation(Name("i"));
    node.subnet = Name("n");
    node.intent = Below(2) == 0 ? model::Intent::kRun : model::Intent::kErase;
    return node;
  }

  model::Endpoint Endpoint() {
    const auto kind = Below(2) == 0 ? model::EndpointKind::kPrimary : model::EndpointKind::kReader;
    model::Endpoint endpoint = AnEndpoint(Cluster(), kind, Name("10.0.0."));
    endpoint.subnet = Name("n");
    return endpoint;
  }

  std::string Call(Transaction& t) {
    switch (Below(19)) {
      case 0: return CodeOf(t.network().InsertSubnet(ASubnet(Name("n"), "zone", "10.0.0.0/24")));
      case 1: return CodeOf(t.network().RemoveSubnet(Name("n")));
      case 2: return CodeOf(t.network().InsertSubnetGroup({Name("g"), "", {Name("n"), Name("n")}}));
      case 3: return CodeOf(t.network().UpdateSubnetGroup({Name("g"), "changed", {Name("n")}}));
      case 4: return CodeOf(t.network().RemoveSubnetGroup(Name("g")));
      case 5: return CodeOf(t.network().InsertSecurityGroup(ASecurityGroup(Name("s"))));
      case 6: return CodeOf(t.network().RemoveSecurityGroup(Name("s")));
      case 7:
      case 8: return CodeOf(t.clusters().Insert(Cluster()));
      case 9: return CodeOf(t.clusters().Update(Cluster()));
      case 10: return Below(4) == 0 ? (t.clusters().Remove(model::ClusterUid(Name("u"))), "removed") : "";
      case 11:
      case 12:
      case 13: return CodeOf(t.plan().PutNode(Node()));
      case 14: return t.plan().RemoveNode(model::Incarnation(Name("i"))), "removed";
      case 15: return CodeOf(t.plan().PutEndpoint(Endpoint()));
      case 16: return t.plan().PutAbandoned(AnAbandoned(Name("i"), Name("10.0.0."))), "abandoned";
      case 17: return t.plan().RemoveAbandoned(model::Incarnation(Name("i"))), "removed";
      default: return std::to_string(t.journal().AppendEvent(AnEvent(Name("c"), Name("m"), At(Below(9)))));
    }
  }

  std::mt19937 random_;
};

struct Everything {
  std::vector<model::Cluster> clusters;
  std::vector<model::Revision> revisions;
  std::vector<model::Node> nodes;
  std::vector<model::Endpoint> endpoints;
  std::vector<model::Abandoned> abandoned;
  std::vector<std::string> used_addresses;
  std::vector<model::Subnet> subnets;
  std::vector<model::SubnetGroup> subnet_groups;
  std::vector<model::SecurityGroup> security_groups;
  std::vector<model::Event> events;

  bool operator==(const Everything&) const = default;
};

Everything ReadEverything(ports::Store& store) {
  Everything everything;
  store.Read([&](Transaction& t) {
    everything = {t.clusters().List({}),
                  t.clusters().Revisions(model::ClusterUid("u1"), 0, 9),
                  t.plan().AllNodes(),
                  t.plan().AllEndpoints(),
                  t.plan().AbandonedOn(model::AgentName("agent-1")),
                  t.plan().UsedAddresses("n1"),
                  t.network().Subnets({}),
                  t.network().SubnetGroups({}),
                  t.network().SecurityGroups({}),
                  t.journal().Events({})};
  });
  return everything;
}

class StoreAgreement : public ::testing::TestWithParam<unsigned> {};

TEST_P(StoreAgreement, SameWritesSameAnswersSameState) {
  const TemporaryDirectory directory;
  auto sqlite = store::SqliteStore::Open(directory.path() / "store.db");
  ASSERT_TRUE(sqlite.ok()) << sqlite.error().message;
  MemoryStore memory;
  RandomWrites on_disk(GetParam());
  RandomWrites in_memory(GetParam());
  for (int write = 0; write < 300; ++write) {
    std::vector<std::string> expected;
    std::vector<std::string> answers;
    const Status status = (*sqlite)->Write([&](Transaction& t) { return on_disk.Run(t, expected); });
    ASSERT_EQ(CodeOf(memory.Write([&](Transaction& t) { return in_memory.Run(t, answers); })), CodeOf(status));
    ASSERT_EQ(answers, expected) << "seed " << GetParam() << ", write " << write;
    ASSERT_TRUE(ReadEverything(memory) == ReadEverything(**sqlite)) << "seed " << GetParam() << ", write " << write;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreAgreement, ::testing::Range(1U, 9U));

}  // namespace
}  // namespace cacheplane::test
