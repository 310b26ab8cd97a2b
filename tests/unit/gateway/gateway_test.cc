#include "controlplane/gateway/gateway.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cacheplane/v1/cluster.grpc.pb.h"
#include "tests/support/grpc_kept_alive.h"
#include "tests/unit/gateway/http_client.h"

namespace cacheplane::gateway {
namespace {

using nlohmann::json;
using test::RawClient;

constexpr const char* kAddress = "127.25.0.2";

// Answers with what it was asked for, or with the error that the name stands for.
class FakeClusters final : public v1::ClusterService::CallbackService {
 public:
  grpc::ServerUnaryReactor* CreateCluster(grpc::CallbackServerContext* context, const v1::CreateClusterRequest* request,
                                          v1::CreateClusterResponse* response) override {
    response->mutable_cluster()->set_name(request->name());
    *response->mutable_cluster()->mutable_spec() = request->spec();
    response->mutable_operation()->set_revision(7);
    return Finish(context, grpc::Status::OK);
  }

  grpc::ServerUnaryReactor* GetCluster(grpc::CallbackServerContext* context, const v1::GetClusterRequest* request,
                                       v1::GetClusterResponse*) override {
    const int code = request->name().empty() ? 3 : std::stoi(request->name());
    return Finish(context, {static_cast<grpc::StatusCode>(code), "cluster \"" + request->name() + "\" says no"});
  }

  grpc::ServerUnaryReactor* SwitchoverCluster(grpc::CallbackServerContext* context,
                                              const v1::SwitchoverClusterRequest* request,
                                              v1::SwitchoverClusterResponse* response) override {
    response->mutable_operation()->set_kind("switchover");
    response->mutable_operation()->set_node(request->node());
    return Finish(context, grpc::Status::OK);
  }

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(status);
    return reactor;
  }
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    test::KeepGrpcAlive();
    grpc::ServerBuilder builder;
    builder.RegisterService(&clusters_);
    server_ = builder.BuildAndStart();
    Gateway::Options options;
    options.http.address = kAddress;
    options.http.port = 0;
    options.allowed_hosts = {"cache.example.org"};
    Serve(options);
  }

  void Serve(const Gateway::Options& options) {
    ControlPlaneFigures figures;
    figures.clusters_by_status["available"] = 2;
    auto started = Gateway::Start(
        options, {server_->InProcessChannel({}), [this] { return ready_; }, [figures] { return figures; }, Echo});
    EXPECT_TRUE(started.ok());
    if (gateway_) gateway_->Shutdown();
    gateway_ = std::move(started.value());
  }

  ~GatewayTest() override {
    gateway_->Shutdown();
    server_->Shutdown();
  }

  test::RawResponse Ask(const std::string& request) {
    RawClient client(kAddress, gateway_->port());
    EXPECT_TRUE(client.Send(request));
    const auto response = client.Read();
    EXPECT_TRUE(response) << request;
    return response.value_or(test::RawResponse{});
  }

  static void Echo(const HttpRequest& request, const HttpReply& reply) {
    HttpResponse response;
    response.body = request.method + " " + request.body;
    reply(response);
  }

  static std::string ErrorCodeOf(const test::RawResponse& response) {
    return json::parse(response.body)["error"]["code"].get<std::string>();
  }
  static std::string MessageOf(const test::RawResponse& response) {
    return json::parse(response.body)["error"]["message"].get<std::string>();
  }

  Status ready_;
  FakeClusters clusters_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(GatewayTest, ACallGoesThroughAsJson) {
  const auto response =
      Ask(test::Post("/v1/ClusterService/CreateCluster",
                     R"({"name":"orders","spec":{"node_type":"cache.t4g.small","replicas_per_shard":2,)"
                     R"("tags":{"team":"a"},"multi_az":true}})"));
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.headers.find("application/json"), std::string::npos);
  const json body = json::parse(response.body);
  EXPECT_EQ(body["cluster"]["name"], "orders");
  EXPECT_EQ(body["cluster"]["spec"]["replicas_per_shard"], 2);
  EXPECT_EQ(body["cluster"]["spec"]["tags"]["team"], "a");
  EXPECT_EQ(body["cluster"]["status"], "");       // fields with their default are there
  EXPECT_EQ(body["operation"]["revision"], "7");  // 64 bits are text in protobuf's JSON
  EXPECT_EQ(body["operation"]["progress_percent"], 0);
}

TEST_F(GatewayTest, PrimariesAreChangedAsJson) {
  const auto response = Ask(
      test::Post("/v1/ClusterService/SwitchoverCluster", R"({"name":"orders","shard":"0001","node":"orders-002"})"));
  EXPECT_EQ(response.status, 200);
  const json body = json::parse(response.body);
  EXPECT_EQ(body["operation"]["kind"], "switchover");
  EXPECT_EQ(body["operation"]["node"], "orders-002");
  EXPECT_EQ(Ask(test::Post("/v1/ClusterService/TestFailover", R"({"name":"orders"})")).status, 501);  // the fake's
}

TEST_F(GatewayTest, AnUnknownFieldIsNamed) {
  const auto response = Ask(test::Post("/v1/ClusterService/CreateCluster", R"({"name":"a","spec":{"nodetyp":"x"}})"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(ErrorCodeOf(response), "INVALID_ARGUMENT");
  EXPECT_NE(MessageOf(response).find("nodetyp"), std::string::npos) << response.body;
}

TEST_F(GatewayTest, WhatIsNoJsonIsRefused) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "{\"spec\":";
  for (const std::string& body :
       {std::string("{"), std::string("[1]"), std::string("nonsense"), std::string("{\"name\":5}}"),
        std::string("{\"name\":\"\xff\xfe\"}"), deep, std::string("{\"spec\":{\"port\":\"x\"}}")}) {
    const auto response = Ask(test::Post("/v1/ClusterService/CreateCluster", body));
    EXPECT_EQ(response.status, 400) << body.substr(0, 80);
    EXPECT_EQ(ErrorCodeOf(response), "INVALID_ARGUMENT");
  }
}

TEST_F(GatewayTest, EveryGrpcErrorHasItsHttpStatus) {
  const std::map<int, std::pair<int, std::string>> table = {
      {1, {499, "CANCELLED"}},           {2, {500, "UNKNOWN"}},
      {3, {400, "INVALID_ARGUMENT"}},    {4, {504, "DEADLINE_EXCEEDED"}},
      {5, {404, "NOT_FOUND"}},           {6, {409, "ALREADY_EXISTS"}},
      {7, {403, "PERMISSION_DENIED"}},   {8, {429, "RESOURCE_EXHAUSTED"}},
      {9, {400, "FAILED_PRECONDITION"}}, {10, {409, "ABORTED"}},
      {11, {400, "OUT_OF_RANGE"}},       {12, {501, "UNIMPLEMENTED"}},
      {13, {500, "INTERNAL"}},           {14, {503, "UNAVAILABLE"}},
      {15, {500, "DATA_LOSS"}},          {16, {401, "UNAUTHENTICATED"}}};
  for (const auto& [code, expected] : table) {
    const std::string name = std::to_string(code);
    const auto response = Ask(test::Post("/v1/ClusterService/GetCluster", "{\"name\":\"" + name + "\"}"));
    EXPECT_EQ(response.status, expected.first) << code;
    EXPECT_EQ(ErrorCodeOf(response), expected.second);
    EXPECT_EQ(MessageOf(response), "cluster \"" + name + "\" says no");
  }
}

TEST_F(GatewayTest, AnEmptyBodyIsAnEmptyRequest) {
  EXPECT_EQ(ErrorCodeOf(Ask(test::Post("/v1/ClusterService/GetCluster", ""))), "INVALID_ARGUMENT");
}

TEST_F(GatewayTest, UnknownCallsAre404) {
  for (const char* path : {"/v1/ClusterService/Nothing", "/v1/Nothing/GetCluster", "/v1/", "/v1/ClusterService",
                           "/nothing", "/v1/AgentService/Session", "/v1/cacheplane.v1.ClusterService/GetCluster"}) {
    const auto response = Ask(test::Post(path, "{}"));
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(ErrorCodeOf(response), "NOT_FOUND");
  }
}

// The service exists in the API but not in this server: its own error comes through.
TEST_F(GatewayTest, AServiceThatIsNotServedIsUnimplemented) {
  EXPECT_EQ(Ask(test::Post("/v1/FleetService/ListAgents", "{}")).status, 501);
  EXPECT_EQ(Ask(test::Post("/v1/AccessKeyService/ListAccessKeys", "{}")).status, 501);
}

TEST_F(GatewayTest, StreamsAreNotServed) {
  const auto response = Ask(test::Post("/v1/EventService/WatchEvents", "{}"));
  EXPECT_EQ(response.status, 501);
  EXPECT_NE(MessageOf(response).find("WatchEvents"), std::string::npos);
}

TEST_F(GatewayTest, TheWrongVerbIs405AndNamesTheRightOne) {
  const auto response = Ask(test::Get("/v1/ClusterService/GetCluster"));
  EXPECT_EQ(response.status, 405);
  EXPECT_NE(response.headers.find("Allow: POST"), std::string::npos);
  EXPECT_EQ(Ask(test::Post("/healthz", "")).status, 405);
}

TEST_F(GatewayTest, OnlyJsonIsTaken) {
  const std::string head = "POST /v1/ClusterService/GetCluster HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n";
  EXPECT_EQ(Ask(head + "\r\n{}").status, 415);
  EXPECT_EQ(Ask(head + "Content-Type: text/plain\r\n\r\n{}").status, 415);
  EXPECT_EQ(Ask(head + "Content-Type: Application/JSON; charset=utf-8\r\n\r\n{}").status,
            400);  // GetCluster's own error
}

TEST_F(GatewayTest, HostsOfOthersAreRefused) {
  for (const char* host :
       {"evil.example.org", "", "localhost.evil.org", "10.0.0.1", "127.1", "cache.example.org.evil.org"}) {
    EXPECT_EQ(Ask(test::Get("/healthz", host)).status, 403) << host;
  }
  EXPECT_EQ(Ask("GET /healthz HTTP/1.1\r\n\r\n").status, 403);
  for (const char* host :
       {"localhost", "LOCALHOST:7080", "127.0.0.1", "127.25.0.2:80", "[::1]:7080", "cache.example.org:7080"}) {
    EXPECT_EQ(Ask(test::Get("/healthz", host)).status, 200) << host;
  }
}

TEST_F(GatewayTest, WithoutTheJsonApiItsCallsAreRefused) {
  Gateway::Options options;
  options.http.address = kAddress;
  options.http.port = 0;
  options.json_api = false;
  Serve(options);
  const auto answer = Ask(test::Post("/v1/ClusterService/GetCluster", R"({"name":"orders"})"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("only where HTTP listens on loopback"), std::string::npos) << answer.body;
  EXPECT_EQ(Ask(test::Get("/healthz")).status, 200);
}

TEST_F(GatewayTest, ReadinessFollowsTheProcess) {
  EXPECT_EQ(Ask(test::Get("/readyz")).status, 200);
  ready_ = Unavailable("the store does not answer");
  const auto response = Ask(test::Get("/readyz"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(MessageOf(response), "the store does not answer");
  EXPECT_EQ(Ask(test::Get("/healthz")).status, 200);
}

TEST_F(GatewayTest, MetricsAreText) {
  const auto response = Ask(test::Get("/metrics"));
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.headers.find("text/plain; version=0.0.4"), std::string::npos);
  EXPECT_NE(response.body.find("cacheplane_clusters{status=\"available\"} 2\n"), std::string::npos) << response.body;
  EXPECT_NE(response.body.find("# TYPE process_resident_memory_bytes gauge\n"), std::string::npos);
}

TEST_F(GatewayTest, TheQueryApiIsServedAtTheRoot) {
  const auto response = Ask(test::Post("/", "Action=DescribeCacheClusters", "cache.example.org"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "POST Action=DescribeCacheClusters");
}

// SDKs of AWS read nothing else.
TEST_F(GatewayTest, RefusalsAtTheRootAreXml) {
  const auto expect = [](const test::RawResponse& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status);
    EXPECT_NE(response.headers.find("Content-Type: text/xml\r\n"), std::string::npos) << response.headers;
    EXPECT_NE(response.headers.find("x-amzn-RequestId: "), std::string::npos) << response.headers;
    EXPECT_TRUE(
        response.body.starts_with("<ErrorResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\">"));
    EXPECT_NE(response.body.find("<Code>" + code + "</Code>"), std::string::npos) << response.body;
  };
  expect(Ask(test::Post("/", "Action=x", "evil.example.org")), 403, "AccessDenied");
  const auto wrong_verb = Ask(test::Get("/"));
  expect(wrong_verb, 405, "MethodNotAllowed");
  EXPECT_NE(wrong_verb.headers.find("Allow: POST"), std::string::npos);
  expect(Ask("POST /?x=y HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n"), 413,
         "RequestEntityTooLarge");
  const auto elsewhere = Ask("POST /v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n");
  EXPECT_EQ(elsewhere.status, 413);
  EXPECT_EQ(ErrorCodeOf(elsewhere), "INVALID_ARGUMENT");
}

}  // namespace
}  // namespace cacheplane::gateway
