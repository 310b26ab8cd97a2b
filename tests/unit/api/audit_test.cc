// The audit log of calls over gRPC, and how it is read.
#include <algorithm>
#include <map>

#include "cacheplane/v1/audit.grpc.pb.h"
#include "controlplane/api/audited_call.h"
#include "tests/unit/api/served.h"

namespace cacheplane::api {
namespace {

class GrpcAudit : public Served {
 protected:
  v1::ListAuditRecordsResponse List(const v1::ListAuditRecordsRequest& request = {}) {
    v1::ListAuditRecordsResponse response;
    const grpc::Status status =
        v1::AuditService::NewStub(channel)->ListAuditRecords(Context().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  v1::AuditRecord Last() {
    const v1::ListAuditRecordsResponse list = List();
    return list.records().empty() ? v1::AuditRecord() : list.records(0);
  }
  std::vector<std::string> Operations() {
    const v1::ListAuditRecordsResponse list = List();
    std::vector<std::string> found;
    for (const v1::AuditRecord& record : list.records()) found.push_back(record.operation());
    return found;
  }
};

bool Has(const v1::AuditRecord& record, const std::string& field, const std::string& before, const std::string& after) {
  return std::any_of(record.changes().begin(), record.changes().end(), [&](const v1::AuditChange& change) {
    return change.field() == field && change.before() == before && change.after() == after;
  });
}

TEST_F(GrpcAudit, AChangeIsRecordedWhole) {
  v1::CreateClusterRequest request;
  request.set_name("Orders");
  request.mutable_spec()->set_node_type("cache.t4g.small");
  (*request.mutable_spec()->mutable_tags())["team"] = "core";
  request.mutable_spec()->add_preferred_zones("us-east-1a");
  request.set_request_id("idempotent-1");
  v1::CreateClusterResponse response;
  const auto context = Context();
  context->AddMetadata("x-request-id", "x-1");
  context->AddMetadata(service::kInnerPeer, "10.0.0.1:1");
  const grpc::Status status = v1::ClusterService::NewStub(channel)->CreateCluster(context.get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const v1::AuditRecord record = Last();
  EXPECT_EQ(record.sequence(), 1);
  EXPECT_TRUE(record.admitted());
  EXPECT_EQ(record.caller(), "local");
  EXPECT_EQ(record.peer().substr(0, 10), "127.0.0.1:") << "and not what the caller says";
  EXPECT_EQ(record.interface(), "grpc");
  EXPECT_EQ(record.operation(), "ClusterService/CreateCluster");
  EXPECT_EQ(record.resource_kind() + "/" + record.resource(), "cluster/orders");
  EXPECT_EQ(record.outcome(), "ok");
  EXPECT_EQ(record.message(), "");
  EXPECT_EQ(record.request_id(), "x-1");
  const std::map<std::string, std::string> parameters(record.parameters().begin(), record.parameters().end());
  EXPECT_EQ(parameters, (std::map<std::string, std::string>{{"name", "Orders"},
                                                            {"spec.node_type", "cache.t4g.small"},
                                                            {"spec.preferred_zones.0", "us-east-1a"},
                                                            {"spec.tags.team", "core"},
                                                            {"request_id", "idempotent-1"}}));
  EXPECT_TRUE(Has(record, "revision", "none", "1")) << record.DebugString();
}

TEST_F(GrpcAudit, ARefusalIsRecordedWithItsReason) {
  v1::DeleteSubnetRequest request;
  request.set_name("net-x");
  v1::DeleteSubnetResponse response;
  const grpc::Status status = v1::NetworkService::NewStub(channel)->DeleteSubnet(Context().get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  const v1::AuditRecord record = Last();
  EXPECT_EQ(record.outcome(), "NOT_FOUND");
  EXPECT_EQ(record.message(), status.error_message());
  EXPECT_EQ(record.resource_kind() + "/" + record.resource(), "subnet/net-x");
  EXPECT_TRUE(record.changes().empty());
}

TEST_F(GrpcAudit, ReadsAndDryRunsAreNoChanges) {
  Created("orders");
  v1::ModifyClusterRequest request;
  request.set_name("orders");
  request.mutable_spec()->set_description("other");
  request.mutable_update_mask()->add_paths("description");
  request.set_validate_only(true);
  v1::ModifyClusterResponse modified;
  EXPECT_TRUE(v1::ClusterService::NewStub(channel)->ModifyCluster(Context().get(), request, &modified).ok());
  v1::ListClustersResponse listed;
  EXPECT_TRUE(v1::ClusterService::NewStub(channel)->ListClusters(Context().get(), {}, &listed).ok());
  EXPECT_EQ(Operations(), std::vector<std::string>{"ClusterService/CreateCluster"});
  request.set_validate_only(false);
  EXPECT_TRUE(v1::ClusterService::NewStub(channel)->ModifyCluster(Context().get(), request, &modified).ok());
  EXPECT_TRUE(Has(Last(), "description", "\"\"", "\"other\"")) << Last().DebugString();
}

TEST_F(GrpcAudit, ANewAccessKeyIsNamedAndItsSecretIsNowhere) {
  v1::CreateAccessKeyRequest request;
  request.set_role("admin");
  v1::CreateAccessKeyResponse created;
  ASSERT_TRUE(v1::AccessKeyService::NewStub(channel)->CreateAccessKey(Context().get(), request, &created).ok());
  const v1::AuditRecord record = Last();
  EXPECT_EQ(record.resource_kind() + "/" + record.resource(), "access-key/" + created.access_key().id());
  EXPECT_TRUE(Has(record, "role", "none", "admin")) << record.DebugString();
  EXPECT_EQ(record.DebugString().find(created.secret_access_key()), std::string::npos);
}

TEST_F(GrpcAudit, IsReadInPagesByResourceAndTime) {
  Created("orders");
  world.clock.Advance(std::chrono::seconds(5));
  Created("carts");
  v1::ListAuditRecordsRequest request;
  request.set_page_size(1);
  const v1::ListAuditRecordsResponse first = List(request);
  ASSERT_EQ(first.records_size(), 1);
  EXPECT_EQ(first.records(0).resource(), "carts");
  request.set_page_token(first.next_page_token());
  EXPECT_EQ(List(request).records(0).resource(), "orders");
  request.Clear();
  request.set_resource("cluster/orders");
  EXPECT_EQ(List(request).records_size(), 1);
  request.Clear();
  request.mutable_start_time()->set_seconds(ToUnixMillis(world.clock.Now()) / 1000);
  EXPECT_EQ(List(request).records(0).resource(), "carts");
  EXPECT_EQ(List(request).records_size(), 1);
  request.mutable_start_time()->set_nanos(-1);
  v1::ListAuditRecordsResponse response;
  EXPECT_EQ(v1::AuditService::NewStub(channel)->ListAuditRecords(Context().get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(AuditedCall, CallersAreToldByTheirAddress) {
  using Texts = std::vector<std::string>;
  const auto told = [](const std::string& peer, const std::string& inner) {
    model::AuditRecord record;
    SetCaller(peer, inner, record);
    return Texts{record.interface, record.caller, record.peer};
  };
  EXPECT_EQ(told("ipv4:127.0.0.1:40312", "10.0.0.1:1"), (Texts{"grpc", "local", "127.0.0.1:40312"}));
  EXPECT_EQ(told("ipv4:10.0.0.7:40312", ""), (Texts{"grpc", "remote", "10.0.0.7:40312"}));
  EXPECT_EQ(told("ipv6:%5B::1%5D:4711", ""), (Texts{"grpc", "local", "[::1]:4711"}));
  EXPECT_EQ(told("ipv6:[fd00::7]:4711", ""), (Texts{"grpc", "remote", "[fd00::7]:4711"}));
  EXPECT_EQ(told("unknown", "10.0.0.1:1"), (Texts{"json", "remote", "10.0.0.1:1"}));
}

TEST(AuditedCall, OnlyChangesOfThePublicApi) {
  for (const char* method : {"CreateCluster", "CancelOperation", "StartDrill", "DrainAgent", "TestFailover"}) {
    EXPECT_TRUE(IsChange(std::string("/cacheplane.v1.SomeService/") + method)) << method;
  }
  for (const char* method :
       {"/cacheplane.v1.ClusterService/GetCluster", "/cacheplane.v1.EventService/WatchEvents",
        "/cacheplane.v1.OperationService/WaitOperation", "/cacheplane.agent.v1.AgentService/Session",
        "/grpc.health.v1.Health/Check", "/cacheplane.v1.ClusterService/ListClusters"}) {
    EXPECT_FALSE(IsChange(method)) << method;
  }
}

}  // namespace
}  // namespace cacheplane::api
