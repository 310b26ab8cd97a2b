// AuditTrail and AuditService.
#include <gtest/gtest.h>

#include "controlplane/service/audit_service.h"
#include "controlplane/service/audit_trail.h"
#include "controlplane/service/network_service.h"
#include "tests/unit/service/world.h"

namespace cacheplane::service {
namespace {

using Changes = std::vector<model::FieldChange>;

// Refuses to write as long as it is told to.
struct FailingStore final : ports::Store {
  explicit FailingStore(ports::Store& store) : inner(store) {}
  void Read(const std::function<void(ports::Transaction&)>& function) override { inner.Read(function); }
  Status Write(const std::function<Status(ports::Transaction&)>& function) override {
    return fails ? Unavailable("the database is locked by another process") : inner.Write(function);
  }

  ports::Store& inner;
  bool fails = false;
};

class Audit : public testing::Test {
 protected:
  static model::AuditRecord Call(const std::string& kind, const std::string& name) {
    model::AuditRecord record;
    record.admitted = true;
    record.caller = "AKIAB";
    record.operation = "Change";
    record.resource_kind = kind;
    record.resource = name;
    record.request_id = "r-1";
    return record;
  }
  // What is recorded of a call that does `change`.
  template <typename Function>
  Changes Recorded(const std::string& kind, const std::string& name, Function change) {
    AuditedCall call = trail.Begin(Call(kind, name));
    change();
    trail.End(std::move(call), {"ok"});
    return Last().changes;
  }
  model::AuditRecord Last() { return audit.ListAuditRecords({.page = {1, ""}})->items.at(0); }
  std::vector<std::string> Resources(const ListAuditRecordsRequest& request) {
    std::vector<std::string> resources;
    const auto page = audit.ListAuditRecords(request);
    for (const model::AuditRecord& record : page->items) resources.push_back(record.resource);
    return resources;
  }

  World world;
  FailingStore store{world.store};
  AuditTrail trail{store, world.clock};
  AuditService audit{world.store};
  NetworkService networks{world.store, world.signals, world.clock};
};

TEST_F(Audit, ARecordHasTheCallAndWhatCameOfIt) {
  trail.End(trail.Begin(Call("cluster", "Orders")), {"InvalidParameterValue", "Engine: \"x\""});
  model::AuditRecord expected = Call("cluster", "orders");
  expected.sequence = 1;
  expected.time = world.clock.Now();
  expected.outcome = "InvalidParameterValue";
  expected.message = "Engine: \"x\"";
  EXPECT_EQ(Last(), expected);
}

TEST_F(Audit, AClusterIsToldByWhatDiffers) {
  const Changes created =
      Recorded("cluster", "orders", [&] { ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok()); });
  const auto has = [&](const model::FieldChange& change) {
    return std::find(created.begin(), created.end(), change) != created.end();
  };
  EXPECT_TRUE(has({"engine", "none", "valkey"}));
  EXPECT_TRUE(has({"revision", "none", "1"}));
  EXPECT_TRUE(has({"status", "none", "creating"}));
  const std::string operation = world.clusters.GetCluster("orders")->cluster.operation.str();
  EXPECT_TRUE(has({"operation", "none", operation}));

  const Changes tagged = Recorded("cluster", "ORDERS", [&] {
    ModifyClusterRequest request{};
    request.name = "orders";
    request.update_mask = {"tags", "description"};
    request.spec.tags = {{"team", "core"}};
    ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  });
  EXPECT_EQ(tagged, (Changes{{"tags.team", "none", "\"core\""}, {"revision", "1", "2"}}));
}

TEST_F(Audit, WhatIsRemovedIsToldByWhatItWas) {
  const auto create = [&] { ASSERT_TRUE(networks.CreateSubnet({"net-x", "us-east-1a", "10.9.0.0/24"}).ok()); };
  const auto remove = [&] { ASSERT_TRUE(networks.DeleteSubnet("net-x").ok()); };
  EXPECT_EQ(Recorded("subnet", "net-x", create),
            (Changes{{"cidr", "none", "10.9.0.0/24"}, {"zone", "none", "us-east-1a"}}));
  EXPECT_EQ(Recorded("subnet", "net-x", remove),
            (Changes{{"cidr", "10.9.0.0/24", "none"}, {"zone", "us-east-1a", "none"}}));
}

TEST_F(Audit, ACacheClusterThatTheCallMadeIsACluster) {
  const Changes created = Recorded("cache-cluster", "Solo",
                                   [&] { ASSERT_TRUE(world.clusters.CreateCluster(World::Request("solo")).ok()); });
  EXPECT_EQ(Last().resource_kind, "cluster");
  EXPECT_EQ(Last().resource, "solo");
  EXPECT_NE(std::find(created.begin(), created.end(), model::FieldChange{"engine", "none", "valkey"}), created.end());
}

TEST_F(Audit, ACacheClusterOnItsOwnHasNoMembers) {
  CreateClusterRequest request = World::Request("solo");
  request.form = "cache-cluster";
  ASSERT_TRUE(world.clusters.CreateCluster(request).ok());
  trail.Refuse(Call("cache-cluster", "solo-001"), {"CacheClusterNotFound", "no"});
  EXPECT_EQ(Last().resource, "solo-001");
}

TEST_F(Audit, AMemberIsItsCluster) {
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("my-orders")).ok());
  for (const auto& [name, kind, resource] :
       std::vector<std::array<std::string, 3>>{{"My-Orders-002", "cluster", "my-orders"},
                                               {"my-orders", "cluster", "my-orders"},
                                               {"my-orders-cache", "cache-cluster", "my-orders-cache"},
                                               {"carts-001", "cache-cluster", "carts-001"}}) {
    trail.Refuse(Call("cache-cluster", name), {"AccessDenied", "no"});
    EXPECT_EQ(Last().resource_kind, kind);
    EXPECT_EQ(Last().resource, resource);
    EXPECT_TRUE(Last().changes.empty());
    EXPECT_EQ(Last().outcome, "AccessDenied");
  }
}

TEST_F(Audit, ARecordThatCannotBeWrittenIsCounted) {
  store.fails = true;
  trail.Refuse(Call("cluster", "orders"), {"AccessDenied"});
  trail.End(trail.Begin(Call("cluster", "orders")), {"ok"});
  EXPECT_EQ(trail.lost(), 2U);
  store.fails = false;
  trail.Refuse(Call("cluster", "orders"), {"AccessDenied"});
  EXPECT_EQ(trail.lost(), 2U);
  EXPECT_EQ(Resources({}).size(), 1U);
}

TEST_F(Audit, WhatStrangersSendIsCutShort) {
  for (const bool admitted : {true, false}) {
    model::AuditRecord call = Call("cluster", std::string(5000, 'x'));
    call.admitted = admitted;
    call.resource_kind = std::string(5000, 'k');
    for (int i = 0; i < 400; ++i) call.parameters[std::to_string(i)] = "";
    call.parameters["0"] = std::string(kLongestAuditText - 1, 'a') + "ü" + std::string(5000, 'a');
    trail.Refuse(call, {"AccessDenied", std::string(5000, 'm')});
    const model::AuditRecord kept = Last();
    const std::size_t share = admitted ? 1 : 8;
    EXPECT_EQ(kept.parameters.size(), kMostAuditParameters / share + 1);
    EXPECT_EQ(kept.parameters.at("…"), admitted ? "and 240 more" : "and 380 more");
    EXPECT_LE(kept.resource.size(), kLongestAuditText / share + 20);
    EXPECT_LE(kept.resource_kind.size(), kLongestAuditText / share + 20);
    EXPECT_LE(kept.message.size(), kLongestAuditText / share + 20);
    const std::string value = kept.parameters.at("0");
    EXPECT_EQ(value.substr(value.find("…")), "… (6025 bytes)");
    EXPECT_EQ(value.find_first_not_of('a'), admitted ? kLongestAuditText - 1 : kLongestAuditText / 8) << "no half ü";
  }
}

TEST_F(Audit, SecretsAreKnownByTheirNames) {
  for (const char* name : {"AuthToken", "auth_token", "Passwords.member.1", "AuthenticationMode.Passwords.member.2",
                           "secret_access_key", "AUTHTOKEN"}) {
    EXPECT_TRUE(IsSecretParameter(name)) << name;
  }
  for (const char* name : {"CacheNodeType", "page_token", "AuthTokenEnabled2", "UserId"}) {
    EXPECT_EQ(IsSecretParameter(name), std::string(name) == "AuthTokenEnabled2") << name;
  }
}

TEST_F(Audit, ThatASecretDiffersIsToldAndNotWhatItIs) {
  ASSERT_TRUE(world.clusters.CreateCluster(World::Request("orders")).ok());
  const Changes tagged = Recorded("cluster", "orders", [&] {
    ModifyClusterRequest request;
    request.name = "orders";
    request.spec.tags = {{"password", "hunter2"}};
    request.update_mask = {"tags"};
    ASSERT_TRUE(world.clusters.ModifyCluster(request).ok());
  });
  EXPECT_EQ(tagged.at(0), (model::FieldChange{"tags.password", "(not shown)", "(not shown)"}));
}

TEST_F(Audit, IsListedByResourceAndTimeInPages) {
  for (const char* name : {"a", "b", "a", "c"}) {
    trail.Refuse(Call("cluster", name), {"AccessDenied"});
    world.clock.Advance(std::chrono::seconds(1));
  }
  trail.Refuse(Call("subnet", "a"), {"AccessDenied"});
  using Texts = std::vector<std::string>;
  EXPECT_EQ(Resources({}), (Texts{"a", "c", "a", "b", "a"}));
  EXPECT_EQ(Resources({.resource = "A"}), (Texts{"a", "a", "a"}));
  EXPECT_EQ(Resources({.resource = "cluster/a"}), (Texts{"a", "a"}));
  EXPECT_EQ(Resources({.resource = "", .since = world.clock.Now() - std::chrono::seconds(1)}), (Texts{"a", "c"}));
  const auto first = audit.ListAuditRecords({.resource = "a", .page = {2, ""}});
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->items.size(), 2U);
  const auto second = audit.ListAuditRecords({.resource = "a", .page = {2, first->next_page_token}});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->items.size(), 1U);
  EXPECT_EQ(second->next_page_token, "");
  EXPECT_FALSE(audit.ListAuditRecords({.resource = "b", .page = {2, first->next_page_token}}).ok());
}

}  // namespace
}  // namespace cacheplane::service
