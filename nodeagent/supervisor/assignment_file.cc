#include "nodeagent/supervisor/assignment_file.h"

#include <nlohmann/json.hpp>

#include "common/file.h"
#include "nodeagent/decide/names.h"

namespace cacheplane::agent {
namespace {

using Json = nlohmann::json;

const char* NameOf(Intent intent) {
  switch (intent) {
    case Intent::kRun: return "run";
    case Intent::kHold: return "hold";
    case Intent::kErase: return "erase";
  }
  return "hold";
}

// What is not understood starts and removes nothing.
Intent IntentOf(const std::string& name) {
  if (name == "run") return Intent::kRun;
  return name == "erase" ? Intent::kErase : Intent::kHold;
}

Json ToObject(const Address& address) { return {{"host", address.host}, {"port", address.port}}; }

Address AddressOf(const Json& object) { return {object.at("host").get<std::string>(), object.at("port").get<int>()}; }

Json ToObject(const std::vector<Peer>& peers) {
  Json list = Json::array();
  for (const Peer& peer : peers) {
    list.push_back({{"incarnation", peer.incarnation}, {"agent_address", peer.agent_address}});
  }
  return list;
}

std::vector<Peer> PeersOf(const Json& list) {
  std::vector<Peer> peers;
  for (const Json& item : list) {
    peers.push_back({item.at("incarnation").get<std::string>(), item.at("agent_address").get<std::string>()});
  }
  return peers;
}

Json ToObject(const Assignment& assignment) {
  return {{"node", assignment.node},
          {"incarnation", assignment.incarnation},
          {"intent", NameOf(assignment.intent)},
          {"epoch", assignment.epoch},
          {"role", assignment.role == Role::kPrimary ? "primary" : "replica"},
          {"boot", assignment.boot},
          {"listen", ToObject(assignment.listen)},
          {"primary", assignment.primary ? ToObject(*assignment.primary) : Json()},
          {"donor", assignment.donor ? ToObject(*assignment.donor) : Json()},
          {"engine", assignment.engine},
          {"engine_version", assignment.engine_version},
          {"node_memory_bytes", assignment.node_memory_bytes},
          {"parameters", assignment.parameters},
          {"family", assignment.family},
          {"internal_password", assignment.internal_password},
          {"condemned", assignment.condemned},
          {"open_start", assignment.open_start},
          {"cut_epoch", assignment.cut_epoch},
          {"restore", assignment.restore},
          {"await_handover", assignment.await_handover},
          {"hand_over", assignment.hand_over},
          {"proven", assignment.proven},
          {"leased", assignment.leased},
          {"peers", ToObject(assignment.peers)},
          {"routers", assignment.routers}};
}

Assignment AssignmentOf(const Json& object) {
  Assignment assignment;
  object.at("node").get_to(assignment.node);
  object.at("incarnation").get_to(assignment.incarnation);
  assignment.intent = IntentOf(object.at("intent").get<std::string>());
  assignment.must_save = assignment.intent == Intent::kHold;
  object.at("epoch").get_to(assignment.epoch);
  assignment.role = object.at("role").get<std::string>() == "primary" ? Role::kPrimary : Role::kReplica;
  object.at("boot").get_to(assignment.boot);
  assignment.listen = AddressOf(object.at("listen"));
  if (!object.at("primary").is_null()) assignment.primary = AddressOf(object.at("primary"));
  if (const Json donor = object.value("donor", Json()); !donor.is_null()) assignment.donor = AddressOf(donor);
  object.at("engine").get_to(assignment.engine);
  object.at("engine_version").get_to(assignment.engine_version);
  object.at("node_memory_bytes").get_to(assignment.node_memory_bytes);
  object.at("parameters").get_to(assignment.parameters);
  object.at("family").get_to(assignment.family);
  object.at("internal_password").get_to(assignment.internal_password);
  // Absent in what an older agent wrote, whose control plane knew neither handovers nor leases.
  assignment.condemned = object.value("condemned", std::uint64_t{0});
  assignment.open_start = object.value("open_start", std::uint64_t{0});
  assignment.cut_epoch = object.value("cut_epoch", std::uint64_t{0});
  assignment.restore = object.value("restore", std::string());
  assignment.await_handover = object.value("await_handover", false);
  assignment.hand_over = object.value("hand_over", false);
  assignment.proven = object.value("proven", true);
  assignment.leased = object.value("leased", false);
  assignment.peers = PeersOf(object.value("peers", Json::array()));
  assignment.routers = object.value("routers", std::vector<std::string>());
  return assignment;
}

}  // namespace

std::string ToJson(const AssignmentSet& set) {
  Json list = Json::array();
  for (const auto& [incarnation, assignment] : set.assignments) list.push_back(ToObject(assignment));
  const Json json = {{"revision", set.revision}, {"assignments", std::move(list)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<AssignmentSet> ParseAssignmentSet(std::string_view json) {
  try {
    const Json object = Json::parse(json);
    AssignmentSet set{.revision = object.at("revision").get<std::uint64_t>(), .assignments = {}};
    for (const Json& item : object.at("assignments")) {
      Assignment assignment = AssignmentOf(item);
      CP_RETURN_IF_ERROR(CheckAssignment(assignment));
      set.assignments.emplace(assignment.incarnation, std::move(assignment));
    }
    return set;
  } catch (const Json::exception& error) {
    return InvalidArgument(error.what());
  }
}

Status PlaceAssignments(const std::filesystem::path& file, const AssignmentSet& set) {
  return PlaceFile(file, ToJson(set), 0600);
}

Status SaveAssignments(const std::filesystem::path& file, const AssignmentSet& set) {
  return ReplaceFile(file, ToJson(set), 0600);
}

Result<AssignmentSet> LoadAssignments(const std::filesystem::path& file) {
  const auto text = ReadFile(file);
  if (!text.ok() && text.error().code == ErrorCode::kNotFound) return AssignmentSet{};
  if (!text.ok()) return text.error();
  auto set = ParseAssignmentSet(*text);
  if (!set.ok()) return Annotate(set.error(), file.string());
  return set;
}

}  // namespace cacheplane::agent
