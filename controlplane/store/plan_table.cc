#include "controlplane/store/plan_table.h"

#include <algorithm>
#include <tuple>

#include "common/text.h"
#include "controlplane/store/enum_text.h"
#include "controlplane/store/json_text.h"
#include "controlplane/store/sql/text.h"

namespace cacheplane::store {
namespace {

using model::Abandoned;
using model::Endpoint;
using model::Node;
using model::Shard;

const sql::Table kShard{
    "shard",
    {"cluster", "ordinal"},
    {"epoch", "attached", "detached", "handover", "held", "former", "proven", "failovers", "last_failover"}};
const sql::Table kNode{
    "node",
    {"incarnation"},
    {"name",         "cluster", "shard",      "ordinal",       "agent",        "zone",         "port",
     "role",         "boot",    "intent",     "image_version", "memory_bytes", "condemned",    "chosen_start",
     "stepped_down", "cut",     "recovering", "joined",        "joined_at",    "restore_data", "restores",
     "engine",       "renewal", "renewed_at", "renewed_start", "readers_away"}};
const sql::Table kAbandoned{"abandoned", {"incarnation"}, {"node", "agent", "ip", "port"}};
const sql::Table kEndpoint{
    "endpoint", {"cluster", "kind"}, {"port", "version", "targets_json", "armed_ip", "armed_port", "armed_epoch"}};
const sql::Table kNodeAddress{"address", {"node"}, {"ip", "subnet"}};
const sql::Table kEndpointAddress{"address", {"endpoint_cluster", "endpoint_kind"}, {"ip", "subnet"}};

const std::string kPutShard = sql::Put(kShard);
const std::string kPutNode = sql::Put(kNode);
const std::string kPutAbandoned = sql::Put(kAbandoned);
const std::string kPutEndpoint = sql::Put(kEndpoint);
const std::string kPutNodeAddress = sql::Put(kNodeAddress);
const std::string kPutEndpointAddress = sql::Put(kEndpointAddress);

const std::string kSelectShards = sql::Select(kShard) + " WHERE cluster = $1 ORDER BY ordinal";
const std::string kSelectNodes =
    "SELECT node.incarnation, node.name, node.cluster, node.shard, node.ordinal, node.agent, node.zone, node.port, "
    "node.role, node.boot, node.intent, node.image_version, node.memory_bytes, node.condemned, node.chosen_start, "
    "node.stepped_down, node.cut, "
    "node.recovering, node.joined, node.joined_at, node.restore_data, node.restores, node.engine, "
    "node.renewal, node.renewed_at, node.renewed_start, node.readers_away, address.ip, address.subnet "
    "FROM node JOIN address ON address.node = node.incarnation";
const std::string kSelectNodesOfCluster = kSelectNodes + " WHERE node.cluster = $1";
const std::string kSelectNodesOfAgent = kSelectNodes + " WHERE node.agent = $1 ORDER BY node.name, node.incarnation";
const std::string kSelectAbandoned = sql::Select(kAbandoned) + " WHERE agent = $1 ORDER BY incarnation";
const std::string kSelectEndpoints =
    "SELECT endpoint.cluster, endpoint.kind, endpoint.port, endpoint.version, endpoint.targets_json, "
    "endpoint.armed_ip, "
    "endpoint.armed_port, endpoint.armed_epoch, address.ip, "
    "address.subnet FROM endpoint JOIN address ON address.endpoint_cluster = endpoint.cluster AND "
    "address.endpoint_kind = endpoint.kind";

const std::string kSelectEndpointsOfCluster = kSelectEndpoints + " WHERE endpoint.cluster = $1 ORDER BY endpoint.kind";

std::string_view IntentName(model::Intent intent) {
  switch (intent) {
    case model::Intent::kRun: return "run";
    case model::Intent::kHold: return "hold";
    case model::Intent::kErase: return "erase";
  }
  return "";
}

Shard ReadShard(sql::Row& row) {
  Shard shard;
  row.Into(shard.cluster, shard.ordinal, shard.epoch, shard.attached, shard.detached, shard.handover, shard.held,
           shard.former, shard.proven, shard.failovers, shard.last_failover);
  return shard;
}

sql::Values ToValues(const Node& node) {
  return {node.incarnation,
          node.name,
          node.cluster,
          node.shard,
          node.ordinal,
          node.agent,
          node.zone,
          node.address.port,
          RoleName(node.role),
          node.boot,
          IntentName(node.intent),
          node.image_version,
          node.memory_bytes,
          node.condemned,
          node.chosen_start,
          node.stepped_down,
          node.cut,
          node.recovering,
          node.joined,
          node.joined_at,
          node.restore,
          node.restores,
          node.engine,
          node.renewal,
          node.renewed_at,
          node.renewed_start,
          node.readers_away};
}

Node ReadNode(sql::Row& row) {
  Node node;
  std::string role;
  std::string intent;
  row.Into(node.incarnation, node.name, node.cluster, node.shard, node.ordinal, node.agent, node.zone,
           node.address.port, role, node.boot, intent, node.image_version, node.memory_bytes, node.condemned,
           node.chosen_start, node.stepped_down, node.cut, node.recovering, node.joined, node.joined_at, node.restore,
           node.restores, node.engine, node.renewal, node.renewed_at, node.renewed_start, node.readers_away,
           node.address.ip, node.subnet);
  node.role = EnumNamed(role, model::RoleName, {model::Role::kPrimary, model::Role::kReplica});
  node.intent = EnumNamed(intent, IntentName, {model::Intent::kRun, model::Intent::kHold, model::Intent::kErase});
  return node;
}

Abandoned ReadAbandoned(sql::Row& row) {
  Abandoned abandoned;
  row.Into(abandoned.incarnation, abandoned.node, abandoned.agent, abandoned.address.ip, abandoned.address.port);
  return abandoned;
}

Endpoint ReadEndpoint(sql::Row& row) {
  Endpoint endpoint;
  std::string kind;
  std::string targets;
  model::ArmedSwitch armed;
  row.Into(endpoint.cluster, kind, endpoint.address.port, endpoint.version, targets, armed.target.ip, armed.target.port,
           armed.epoch, endpoint.address.ip, endpoint.subnet);
  if (armed.epoch.value != 0) endpoint.armed = armed;
  endpoint.kind =
      EnumNamed(kind, model::EndpointKindName, {model::EndpointKind::kPrimary, model::EndpointKind::kReader});
  FromJson(targets, endpoint.targets);
  return endpoint;
}

Status AddressAnswer(const sql::Change& change, const std::string& ip, const std::string& subnet) {
  return sql::Answer(change, AlreadyExists("address " + ip + " is taken"), NotFound("no subnet " + subnet));
}

}  // namespace

void PlanTable::PutShard(const Shard& shard) {
  session_.Execute(
      kPutShard, {shard.cluster, shard.ordinal, shard.epoch, shard.attached, shard.detached, shard.handover, shard.held,
                  shard.former, shard.proven, shard.failovers, shard.last_failover});
}

Status PlanTable::PutNode(const Node& node) {
  const std::string subnet = ToLower(node.subnet);
  return sql::Atomically(session_, [&]() -> Status {
    CP_RETURN_IF_ERROR(sql::Answer(session_.Attempt(kPutNode, ToValues(node)),
                                   AlreadyExists("node " + node.name.str() + " already runs"),
                                   NotFound("no cluster " + node.cluster.str())));
    return AddressAnswer(session_.Attempt(kPutNodeAddress, {node.incarnation, node.address.ip, subnet}),
                         node.address.ip, subnet);
  });
}

void PlanTable::RemoveNode(const model::Incarnation& incarnation) {
  session_.Execute("DELETE FROM node WHERE incarnation = $1", {incarnation});
}

Status PlanTable::PutEndpoint(const Endpoint& endpoint) {
  const std::string subnet = ToLower(endpoint.subnet);
  const std::string_view kind = EndpointKindName(endpoint.kind);
  return sql::Atomically(session_, [&]() -> Status {
    const model::ArmedSwitch armed = endpoint.armed.value_or(model::ArmedSwitch{});
    const sql::Change change =
        session_.Attempt(kPutEndpoint, {endpoint.cluster, kind, endpoint.address.port, endpoint.version,
                                        ToJson(endpoint.targets), armed.target.ip, armed.target.port, armed.epoch});
    CP_CHECK(change.outcome != sql::Outcome::kTaken);
    if (change.outcome == sql::Outcome::kDangling) return NotFound("no cluster " + endpoint.cluster.str());
    return AddressAnswer(session_.Attempt(kPutEndpointAddress, {endpoint.cluster, kind, endpoint.address.ip, subnet}),
                         endpoint.address.ip, subnet);
  });
}

void PlanTable::PutAbandoned(const Abandoned& abandoned) {
  session_.Execute(kPutAbandoned, {abandoned.incarnation, abandoned.node, abandoned.agent, abandoned.address.ip,
                                   abandoned.address.port});
}

void PlanTable::RemoveAbandoned(const model::Incarnation& incarnation) {
  session_.Execute("DELETE FROM abandoned WHERE incarnation = $1", {incarnation});
}

std::vector<Abandoned> PlanTable::AbandonedOn(const model::AgentName& agent) {
  return session_.Select(ReadAbandoned, kSelectAbandoned, {agent});
}

void PlanTable::RemoveEndpoints(const model::ClusterUid& cluster) {
  session_.Execute("DELETE FROM endpoint WHERE cluster = $1", {cluster});
}

std::vector<Shard> PlanTable::Shards(const model::ClusterUid& cluster) {
  return session_.Select(ReadShard, kSelectShards, {cluster});
}

std::vector<Node> PlanTable::Nodes(const model::ClusterUid& cluster) {
  // Sorted here: SQLite would write these few rows into a table of its own for it.
  std::vector<Node> nodes = session_.Select(ReadNode, kSelectNodesOfCluster, {cluster});
  std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) {
    return std::tie(a.shard, a.ordinal, a.incarnation) < std::tie(b.shard, b.ordinal, b.incarnation);
  });
  return nodes;
}

std::vector<Node> PlanTable::NodesOn(const model::AgentName& agent) {
  return session_.Select(ReadNode, kSelectNodesOfAgent, {agent});
}

std::vector<Node> PlanTable::AllNodes() {
  return session_.Select(ReadNode, kSelectNodes + " ORDER BY node.name, node.incarnation");
}

std::vector<Endpoint> PlanTable::Endpoints(const model::ClusterUid& cluster) {
  return session_.Select(ReadEndpoint, kSelectEndpointsOfCluster, {cluster});
}

std::vector<Endpoint> PlanTable::AllEndpoints() {
  return session_.Select(ReadEndpoint, kSelectEndpoints + " ORDER BY address.ip");
}

std::vector<std::string> PlanTable::UsedAddresses(const std::string& subnet) {
  return session_.Select(sql::Only<std::string>,
                         "SELECT ip FROM address WHERE subnet = $1 UNION SELECT ip FROM abandoned ORDER BY ip",
                         {ToLower(subnet)});
}

std::uint64_t PlanTable::EndpointMapVersion() {
  return session_.Find(sql::Only<std::uint64_t>, "SELECT value FROM counter WHERE name = 'endpoint_map'").value();
}

std::uint64_t PlanTable::NextEndpointMapVersion() {
  return session_
      .Find(sql::Only<std::uint64_t>,
            "UPDATE counter SET value = value + 1 WHERE name = 'endpoint_map' RETURNING value")
      .value();
}

}  // namespace cacheplane::store
