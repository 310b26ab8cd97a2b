#include "tests/unit/gateway_aws/served_api.h"

#include <stdexcept>

#include "common/log.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kOrders =
    "Action=CreateReplicationGroup&ReplicationGroupId=orders&ReplicationGroupDescription=what+was+ordered"
    "&CacheNodeType=cache.t4g.small&Engine=valkey&EngineVersion=8.0&NumCacheClusters=3&AutomaticFailoverEnabled=true"
    "&MultiAZEnabled=true&PreferredMaintenanceWindow=sun%3A05%3A00-sun%3A06%3A00&SnapshotWindow=02%3A00-03%3A00"
    "&Tags.Tag.1.Key=team&Tags.Tag.1.Value=shop";
constexpr const char* kMine =
    "Action=CreateCacheParameterGroup&CacheParameterGroupName=mine&CacheParameterGroupFamily=valkey8&Description=ours";
constexpr const char* kNarrow =
    "Action=CreateCacheSubnetGroup&CacheSubnetGroupName=narrow&CacheSubnetGroupDescription=one+zone"
    "&SubnetIds.SubnetIdentifier.1=subnet-us-east-1a";

}  // namespace

std::variant<Identity, Fault> RoleKeys::Authenticate(const HttpRequest& request, WallTime) {
  const std::string header(request.Header("authorization"));
  for (const char* role : {"viewer", "operator", "admin"}) {
    if (header.find(std::string("Credential=") + role) == std::string::npos) continue;
    return Identity{role, model::AccessRoleNamed(role).value()};
  }
  return Fault{"MissingAuthenticationToken", 403, "no key"};
}

ServedApi::ServedApi() {
  static const bool quiet = [] {
    log::Init("test", log::Level::kError);
    return true;
  }();
  static_cast<void>(quiet);
  for (const char* body : {kOrders, kMine, kNarrow}) MustPost(body);
  Pass(3);
  if (installation_.Find("orders")->status != model::ClusterStatus::kAvailable) {
    throw std::runtime_error("orders is not available: " + installation_.Find("orders")->status_reason);
  }
}

void ServedApi::HostsGet(const std::string& version) {
  service::World::Require(world().store.Write([&](ports::Transaction& tx) -> Status {
    for (model::Host host : tx.hosts().Hosts()) {
      host.images.push_back({"valkey", version});
      tx.hosts().PutHost(host);
    }
    return {};
  }));
}

HttpResponse ServedApi::Send(HttpRequest request) {
  std::vector<HttpResponse> answers;
  endpoint_.Handle(std::move(request), [&](HttpResponse response) { answers.push_back(std::move(response)); });
  if (answers.size() != 1) throw std::logic_error(std::to_string(answers.size()) + " answers");
  return answers.front();
}

HttpResponse ServedApi::Post(const std::string& body) {
  const bool has_version = body.find("Version=2") != std::string::npos;
  return Send(Request(has_version ? body : body + kVersion));
}

void ServedApi::MustPost(const std::string& body) {
  const HttpResponse response = Post(body);
  if (response.status != 200) throw std::runtime_error(body + ": " + response.body);
}

}  // namespace cacheplane::gateway::aws
