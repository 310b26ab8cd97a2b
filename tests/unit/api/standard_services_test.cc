// What every gRPC tool expects of a server: reflection and health checking.
#include "tests/unit/api/raw_call.h"
#include "tests/unit/api/served.h"

namespace cacheplane::api {
namespace {

TEST_F(Served, ReflectionListsEveryService) {
  // ServerReflectionRequest{list_services: "*"}
  const std::string answer =
      RawCall(channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", std::string("\x3a\x01*"));
  for (const std::string name : {"ClusterService", "NetworkService", "CatalogService", "FleetService",
                                 "OperationService", "EventService", "DrillService", "AccessKeyService"}) {
    EXPECT_NE(answer.find("cacheplane.v1." + name), std::string::npos) << name;
  }
}

TEST_F(Served, ReflectionDescribesThem) {
  // ServerReflectionRequest{file_containing_symbol: "cacheplane.v1.ClusterService"}
  const std::string symbol = "cacheplane.v1.ClusterService";
  const std::string answer = RawCall(channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                     "\x22" + std::string(1, static_cast<char>(symbol.size())) + symbol);
  EXPECT_NE(answer.find("CreateClusterRequest"), std::string::npos);
}

TEST_F(Served, HealthIsServing) {
  // HealthCheckResponse{status: SERVING}
  EXPECT_EQ(RawCall(channel, "/grpc.health.v1.Health/Check", ""), std::string("\x08\x01"));
}

}  // namespace
}  // namespace cacheplane::api
