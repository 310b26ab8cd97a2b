#include "controlplane/agents/proto_convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "cacheplane/agent/v1/agent.pb.h"
#include "cacheplane/agent/v1/router.pb.h"
#include "common/text.h"
#include "controlplane/agents/names.h"
#include "controlplane/model/network.h"

namespace cacheplane::agents {
namespace {

constexpr int kMaxImages = 1000;
constexpr int kMaxReplicas = 16;
constexpr int kMaxParameters = 200;
constexpr std::size_t kMaxWord = 128;                        // names, ids, versions
constexpr std::int64_t kLatestMillis = 253'402'300'799'999;  // the end of the year 9999

std::int64_t NotNegative(std::int64_t value) { return std::max<std::int64_t>(value, 0); }

Status CheckWord(std::string_view what, std::string_view text) {
  if (text.empty()) return InvalidArgument(fmt::format("{} is missing", what));
  return CheckLength(what, text, kMaxWord);
}

Result<model::Address> ParseAddress(std::string_view what, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    const std::string_view ip = text.substr(0, colon);
    const auto port = ParseInt(text.substr(colon + 1));
    if (model::ParseIpv4(ip) && port && *port >= 1 && *port <= 65535) {
      return model::Address{std::string(ip), static_cast<int>(*port)};
    }
  }
  return InvalidArgument(fmt::format("{} \"{}\" is not of the form address:port", what, text.substr(0, kMaxWord)));
}

Result<model::ProcessState> ProcessFromProto(agent::v1::ProcessState state) {
  switch (static_cast<int>(state)) {
    case agent::v1::PROCESS_STATE_STOPPED: return model::ProcessState::kStopped;
    case agent::v1::PROCESS_STATE_STARTING: return model::ProcessState::kStarting;
    case agent::v1::PROCESS_STATE_RUNNING: return model::ProcessState::kRunning;
    case agent::v1::PROCESS_STATE_HUNG: return model::ProcessState::kHung;
    case agent::v1::PROCESS_STATE_ERASED: return model::ProcessState::kErased;
    default: return InvalidArgument(fmt::format("process state {} is unknown", static_cast<int>(state)));
  }
}

// An agent older than the field fences nothing.
Result<std::string> FenceFromProto(const std::string& fence) {
  if (fence.empty()) return std::string("none");
  if (fence == "kernel" || fence == "guard" || fence == "none") return fence;
  return InvalidArgument(fmt::format("fence \"{}\" is none of kernel, guard, none", fence.substr(0, kMaxWord)));
}

Result<std::optional<model::Role>> RoleFromProto(const std::string& role) {
  if (role.empty()) return std::optional<model::Role>{};
  if (role == "primary") return std::optional(model::Role::kPrimary);
  if (role == "replica") return std::optional(model::Role::kReplica);
  return InvalidArgument(fmt::format("role \"{}\" is unknown", role.substr(0, kMaxWord)));
}

Result<std::vector<model::ReplicaFacts>> ReplicasFromProto(const agent::v1::NodeFact& fact) {
  if (fact.replicas_size() > kMaxReplicas) {
    return InvalidArgument(
        fmt::format("{} replicas are too many; at most {} are allowed", fact.replicas_size(), kMaxReplicas));
  }
  std::vector<model::ReplicaFacts> replicas;
  for (const agent::v1::ReplicaFact& replica : fact.replicas()) {
    CP_ASSIGN_OR_RETURN(model::Address address, ParseAddress("replica address", replica.address()));
    CP_RETURN_IF_ERROR(CheckLength("replica state", replica.state(), kMaxWord));
    replicas.push_back({std::move(address), replica.state(), NotNegative(replica.acknowledged_offset())});
  }
  return replicas;
}

Result<std::optional<model::SavedData>> SavedFromProto(const agent::v1::NodeFact& fact) {
  if (!fact.has_saved()) return std::optional<model::SavedData>{};
  const agent::v1::SavedData& saved = fact.saved();
  CP_RETURN_IF_ERROR(CheckWord("saved data's id", saved.id()));
  CP_RETURN_IF_ERROR(CheckLength("saved data's replication id", saved.replication_id(), kMaxWord));
  if (saved.as_of_ms() < 0 || saved.as_of_ms() > kLatestMillis) {
    return InvalidArgument(
        fmt::format("saved data's as_of_ms {}: 0 to {} are allowed", saved.as_of_ms(), kLatestMillis));
  }
  return std::optional(model::SavedData{saved.id(), saved.replication_id(), NotNegative(saved.replication_offset()),
                                        FromUnixMillis(saved.as_of_ms())});
}

Result<std::vector<std::string>> PendingRestartFromProto(const agent::v1::ParameterFact& fact) {
  if (fact.pending_restart_size() > kMaxParameters) {
    return InvalidArgument(fmt::format("{} parameters that need a restart are too many; at most {} are allowed",
                                       fact.pending_restart_size(), kMaxParameters));
  }
  for (const std::string& name : fact.pending_restart()) CP_RETURN_IF_ERROR(CheckWord("parameter", name));
  return std::vector<std::string>(fact.pending_restart().begin(), fact.pending_restart().end());
}

Result<model::NodeFacts> NodeFromProto(const agent::v1::NodeFact& fact) {
  CP_RETURN_IF_ERROR(CheckWord("node name", fact.node()));
  CP_RETURN_IF_ERROR(CheckWord("incarnation", fact.incarnation()));
  CP_RETURN_IF_ERROR(CheckLength("engine version", fact.engine_version(), kMaxWord));
  CP_RETURN_IF_ERROR(CheckLength("replication id", fact.replication_id(), kMaxWord));
  model::NodeFacts node;
  node.node = model::NodeName(fact.node());
  node.incarnation = model::Incarnation(fact.incarnation());
  CP_ASSIGN_OR_RETURN(node.process, ProcessFromProto(fact.process()));
  CP_ASSIGN_OR_RETURN(node.role, RoleFromProto(fact.role()));
  CP_ASSIGN_OR_RETURN(node.replicas, ReplicasFromProto(fact));
  if (!fact.primary().empty()) {
    CP_ASSIGN_OR_RETURN(node.primary, ParseAddress("primary", fact.primary()));
  }
  node.pid = NotNegative(fact.pid());
  node.epoch = {fact.epoch()};
  node.boot = {fact.boot()};
  node.engine_version = fact.engine_version();
  node.replication_id = fact.replication_id();
  node.replication_offset = NotNegative(fact.replication_offset());
  node.link_up = fact.link_up();
  node.link_down_seconds = std::max(fact.link_down_seconds(), 0);
  node.used_memory_bytes = NotNegative(fact.used_memory_bytes());
  node.clean_stop = {fact.clean_stop_epoch()};
  node.ending = fact.ending();
  node.exit_reason = Shortened(fact.exit_reason());
  node.problem = Shortened(fact.problem());
  node.starts = fact.starts();
  node.renewal = fact.renewal();
  node.frozen = fact.frozen();
  node.out_of_memory = fact.out_of_memory();
  node.handover_failed = {fact.handover_failed_epoch()};
  node.handover_problem = Shortened(fact.handover_problem());
  node.handed_over = {fact.handed_over_epoch()};
  node.handover_us = NotNegative(fact.handover_us());
  node.promised = fact.promised();
  node.diverged_bytes = fact.diverged_bytes();
  CP_ASSIGN_OR_RETURN(node.saved, SavedFromProto(fact));
  CP_ASSIGN_OR_RETURN(node.pending_restart, PendingRestartFromProto(fact.parameters()));
  node.parameter_problem = Shortened(fact.parameters().problem());
  return node;
}

agent::v1::Intent ToProto(model::Intent intent) {
  switch (intent) {
    case model::Intent::kRun: return agent::v1::INTENT_RUN;
    case model::Intent::kHold: return agent::v1::INTENT_HOLD;
    case model::Intent::kErase: return agent::v1::INTENT_ERASE;
  }
  return agent::v1::INTENT_UNSPECIFIED;
}

void ToProto(const model::Assignment& assignment, agent::v1::Assignment* out) {
  out->set_node(assignment.node.str());
  out->set_incarnation(assignment.incarnation.str());
  out->set_intent(ToProto(assignment.intent));
  out->set_epoch(assignment.epoch.value);
  out->set_role(std::string(model::RoleName(assignment.role)));
  out->set_boot(assignment.boot.value);
  out->set_address(assignment.address.ip);
  out->set_port(assignment.address.port);
  if (assignment.primary) {
    out->set_primary_address(assignment.primary->ip);
    out->set_primary_port(assignment.primary->port);
  }
  if (assignment.donor) {
    out->set_donor_address(assignment.donor->ip);
    out->set_donor_port(assignment.donor->port);
  }
  out->set_engine(assignment.engine);
  out->set_engine_version(assignment.image_version);
  out->set_node_memory_bytes(assignment.memory_bytes);
  for (const auto& [name, value] : assignment.parameters) (*out->mutable_parameters())[name] = value;
  out->set_parameter_group_family(assignment.family);
  out->set_internal_password(assignment.internal_password);
  out->set_condemned(assignment.condemned);
  out->set_open_start(assignment.open_start);
  out->set_cut_epoch(assignment.cut.value);
  out->set_restore(assignment.restore);
  out->set_await_handover(assignment.await_handover);
  out->set_hand_over(assignment.hand_over);
  out->set_proven(assignment.proven);
  out->set_leased(assignment.leased);
  for (const model::Peer& peer : assignment.peers) {
    agent::v1::Peer* line = out->add_peers();
    line->set_incarnation(peer.incarnation.str());
    line->set_agent_address(peer.agent_address);
  }
  out->set_renewal(assignment.renewal);
  for (const std::string& router : assignment.routers) out->add_routers(router);
}

}  // namespace

Result<model::Host> FromProto(const agent::v1::Hello& hello) {
  CP_RETURN_IF_ERROR(CheckName("agent name", hello.agent()));
  CP_RETURN_IF_ERROR(CheckName("zone", hello.zone()));
  CP_RETURN_IF_ERROR(CheckLength("agent version", hello.version(), kMaxWord));
  if (hello.memory_bytes() < 0) return InvalidArgument("memory_bytes is negative");
  if (hello.images_size() > kMaxImages) {
    return InvalidArgument(
        fmt::format("{} images are too many; at most {} are allowed", hello.images_size(), kMaxImages));
  }
  model::Host host;
  host.agent = model::AgentName(hello.agent());
  host.zone = hello.zone();
  host.memory_bytes = hello.memory_bytes();
  host.version = hello.version();
  if (!hello.peer_address().empty()) {
    CP_ASSIGN_OR_RETURN(const model::Address peer, ParseAddress("peer_address", hello.peer_address()));
    host.peer_address = fmt::format("{}", peer);
  }
  CP_ASSIGN_OR_RETURN(host.fence, FenceFromProto(hello.fence()));
  for (const agent::v1::Image& image : hello.images()) {
    CP_RETURN_IF_ERROR(CheckWord("image engine", image.engine()));
    CP_RETURN_IF_ERROR(CheckWord("image version", image.version()));
    host.images.push_back({image.engine(), image.version()});
  }
  return host;
}

Result<AgentReport> FromProto(const agent::v1::Facts& facts) {
  if (static_cast<std::size_t>(facts.nodes_size()) > kMaxNodesPerAgent) {
    return InvalidArgument(
        fmt::format("{} nodes are too many; at most {} are allowed", facts.nodes_size(), kMaxNodesPerAgent));
  }
  AgentReport report{
      .revision = facts.revision(), .whole = facts.whole(), .needs_whole_set = facts.needs_whole_set(), .nodes = {}};
  std::set<model::Incarnation> seen;
  for (const agent::v1::NodeFact& fact : facts.nodes()) {
    Result<model::NodeFacts> node = NodeFromProto(fact);
    if (!node.ok()) return Annotate(node.error(), fmt::format("node \"{}\"", fact.node().substr(0, kMaxWord)));
    if (!seen.insert(node->incarnation).second) {
      return InvalidArgument(fmt::format("incarnation {} is reported twice in one message", node->incarnation));
    }
    report.nodes.push_back(std::move(*node));
  }
  return report;
}

Result<model::RouterFacts> FromProto(const agent::v1::RouterSessionRequest& request) {
  CP_RETURN_IF_ERROR(CheckName("router name", request.router()));
  if (request.data_path() != "kernel" && request.data_path() != "proxy") {
    return InvalidArgument(
        fmt::format("data path \"{}\" is neither \"kernel\" nor \"proxy\"", request.data_path().substr(0, kMaxWord)));
  }
  model::RouterFacts facts;
  facts.name = request.router();
  facts.data_path = request.data_path();
  facts.map_version = request.map_version();
  facts.problem = Shortened(request.problem());
  if (!request.switch_address().empty()) {
    CP_ASSIGN_OR_RETURN(const model::Address address, ParseAddress("switch_address", request.switch_address()));
    facts.switch_address = fmt::format("{}", address);
  }
  return facts;
}

void ToProto(const AssignmentSet& set, agent::v1::AssignmentSet* out) {
  out->Clear();
  out->set_revision(set.revision);
  out->set_base_revision(set.base_revision);
  for (const model::Assignment& assignment : set.assignments) ToProto(assignment, out->add_assignments());
  for (const model::Incarnation& incarnation : set.removed) out->add_removed_incarnations(incarnation.str());
}

void ToProto(const model::EndpointMap& map, agent::v1::EndpointMap* out) {
  out->Clear();
  out->set_version(map.version);
  for (const model::Endpoint& endpoint : map.endpoints) {
    agent::v1::EndpointEntry* entry = out->add_endpoints();
    entry->set_address(endpoint.address.ip);
    entry->set_port(endpoint.address.port);
    for (const model::Address& address : endpoint.targets) {
      agent::v1::EndpointTarget* target = entry->add_targets();
      target->set_address(address.ip);
      target->set_port(address.port);
    }
    if (!endpoint.armed) continue;
    agent::v1::ArmedSwitch* armed = entry->mutable_armed();
    armed->mutable_target()->set_address(endpoint.armed->target.ip);
    armed->mutable_target()->set_port(endpoint.armed->target.port);
    armed->set_epoch(endpoint.armed->epoch.value);
  }
}

}  // namespace cacheplane::agents
