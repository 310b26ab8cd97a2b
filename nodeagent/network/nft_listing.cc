#include "nodeagent/network/nft_listing.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "common/text.h"

namespace cacheplane::network {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSpreadPrefix = "spread_";

struct Listing {
  NftTable table;
  std::map<std::string, Json> maps;
  // Rules in each chain of ours, and the hook of the base chains.
  std::map<std::string, int> rules;
  std::map<std::string, std::string> hooks;
};

std::optional<std::size_t> SpreadOf(std::string_view chain) {
  if (!chain.starts_with(kSpreadPrefix)) return std::nullopt;
  const auto number = ParseInt(chain.substr(kSpreadPrefix.size()));
  if (!number || *number < 1) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

Result<SocketAddress> AddressOf(const Json& concatenation) {
  return ParseSocketAddress(concatenation.at(0).get<std::string>(), concatenation.at(1).get<std::int64_t>());
}

void Collect(const Json& object, Listing& listing) {
  if (const auto map = object.find("map"); map != object.end()) listing.maps[map->at("name")] = *map;
  if (const auto rule = object.find("rule"); rule != object.end()) ++listing.rules[rule->at("chain")];
  if (const auto chain = object.find("chain"); chain != object.end()) {
    listing.rules.try_emplace(chain->at("name"), 0);
    listing.hooks[chain->at("name")] = chain->value("type", "") + " " + chain->value("hook", "");
  }
}

bool HasMaps(const Listing& listing) {
  const auto spreads = listing.maps.find("spreads");
  const auto targets = listing.maps.find("targets");
  return listing.maps.size() == 2 && spreads != listing.maps.end() && targets != listing.maps.end() &&
         spreads->second.at("type") == Json({"ipv4_addr", "inet_service"}) && spreads->second.at("map") == "verdict" &&
         targets->second.at("type") == Json({"ipv4_addr", "inet_service", "integer"}) &&
         targets->second.at("map") == "ipv4_addr . inet_service";
}

// Every chain of the layout, each with its one rule, and no other chain.
bool HasChains(Listing& listing) {
  for (const auto& [chain, rules] : listing.rules) {
    if (rules != 1) return false;
    const auto spread = SpreadOf(chain);
    if (spread) {
      listing.table.chains.insert(*spread);
    } else if (listing.hooks[chain] != "nat " + chain || (chain != "output" && chain != "prerouting")) {
      return false;
    }
  }
  return listing.rules.contains("output") && listing.rules.contains("prerouting");
}

Status ReadSpreads(const Json& map, NftTable& table) {
  for (const Json& element : map.value("elem", Json::array())) {
    CP_ASSIGN_OR_RETURN(SocketAddress endpoint, AddressOf(element.at(0).at("concat")));
    const auto spread = SpreadOf(element.at(1).at("goto").at("target").get<std::string>());
    if (!spread) return InvalidArgument("unknown chain in spreads");
    table.spreads[std::move(endpoint)] = *spread;
  }
  return {};
}

Status ReadTargets(const Json& map, NftTable& table) {
  for (const Json& element : map.value("elem", Json::array())) {
    const Json& key = element.at(0).at("concat");
    CP_ASSIGN_OR_RETURN(SocketAddress endpoint, AddressOf(key));
    CP_ASSIGN_OR_RETURN(SocketAddress target, AddressOf(element.at(1).at("concat")));
    table.targets[{std::move(endpoint), key.at(2).get<std::size_t>()}] = std::move(target);
  }
  return {};
}

Result<NftTable> Read(const Json& json) {
  Listing listing;
  for (const Json& object : json.at("nftables")) Collect(object, listing);
  if (!HasMaps(listing) || !HasChains(listing)) return NftTable{};
  CP_RETURN_IF_ERROR(ReadSpreads(listing.maps["spreads"], listing.table));
  CP_RETURN_IF_ERROR(ReadTargets(listing.maps["targets"], listing.table));
  listing.table.usable = true;
  return listing.table;
}

}  // namespace

Result<NftTable> TableFromListing(const std::string& json) {
  try {
    return Read(Json::parse(json));
  } catch (const Json::exception& problem) {
    return InvalidArgument(problem.what());
  }
}

Result<bool> HasTable(const std::string& table, const std::string& json) {
  try {
    const Json listing = Json::parse(json);
    std::set<std::string> chains;
    for (const Json& object : listing.at("nftables")) {
      const auto chain = object.find("chain");
      if (chain != object.end() && chain->at("table") == table) chains.insert(chain->at("name"));
    }
    return chains.contains("output") && chains.contains("prerouting");
  } catch (const Json::exception& problem) {
    return InvalidArgument(problem.what());
  }
}

}  // namespace cacheplane::network
