#include "nodeagent/network/map_file.h"

#include <nlohmann/json.hpp>

#include "common/file.h"

namespace cacheplane::network {
namespace {

using Json = nlohmann::json;

Json ToJson(const SocketAddress& address) { return {{"address", address.address}, {"port", address.port}}; }

Result<SocketAddress> AddressFromJson(const Json& json) {
  return ParseSocketAddress(json.at("address").get<std::string>(), json.at("port").get<std::int64_t>());
}

Result<EndpointMap> Parse(const Json& json) {
  EndpointMap map{.version = json.at("version").get<std::uint64_t>(), .endpoints = {}};
  for (const Json& entry : json.at("endpoints")) {
    CP_ASSIGN_OR_RETURN(SocketAddress endpoint, AddressFromJson(entry));
    Targets& targets = map.endpoints[endpoint];
    for (const Json& target : entry.at("targets")) {
      CP_ASSIGN_OR_RETURN(SocketAddress address, AddressFromJson(target));
      targets.push_back(std::move(address));
    }
    const auto armed = entry.find("armed");
    if (armed == entry.end()) continue;
    CP_ASSIGN_OR_RETURN(SocketAddress target, AddressFromJson(*armed));
    map.armed[endpoint] = {std::move(target), armed->at("epoch").get<std::uint64_t>()};
  }
  return map;
}

}  // namespace

std::string MapToJson(const EndpointMap& map) {
  Json endpoints = Json::array();
  for (const auto& [endpoint, targets] : map.endpoints) {
    Json entry = ToJson(endpoint);
    entry["targets"] = Json::array();
    for (const SocketAddress& target : targets) entry["targets"].push_back(ToJson(target));
    if (const auto armed = map.armed.find(endpoint); armed != map.armed.end()) {
      entry["armed"] = ToJson(armed->second.target);
      entry["armed"]["epoch"] = armed->second.epoch;
    }
    endpoints.push_back(std::move(entry));
  }
  return Json{{"version", map.version}, {"endpoints", std::move(endpoints)}}.dump(1) + "\n";
}

Result<EndpointMap> MapFromJson(const std::string& text) {
  try {
    return Parse(Json::parse(text));
  } catch (const Json::exception& problem) {
    return InvalidArgument(problem.what());
  }
}

Result<EndpointMap> LoadMap(const std::filesystem::path& path) {
  const Result<std::string> text = ReadFile(path);
  if (!text.ok() && text.error().code == ErrorCode::kNotFound) return EndpointMap{};
  if (!text.ok()) return text.error();
  auto map = MapFromJson(*text);
  if (!map.ok()) return Annotate(map.error(), path.string());
  return map;
}

Status PlaceMap(const std::filesystem::path& path, const EndpointMap& map) { return PlaceFile(path, MapToJson(map)); }

Status SaveMap(const std::filesystem::path& path, const EndpointMap& map) { return ReplaceFile(path, MapToJson(map)); }

}  // namespace cacheplane::network
