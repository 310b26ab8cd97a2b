#include "tests/unit/gateway_aws/hostile/calls.h"

namespace cacheplane::gateway::aws {
namespace {

// What a member of that shape may have, as far as the protocol knows.
std::string Plausible(const std::string& name, const Shape& shape) {
  if (name == "NodeGroupId") return "0001";
  if (!shape.allowed.empty()) return shape.allowed.front();
  switch (shape.kind) {
    case Kind::kInteger:
    case Kind::kDouble: return "1";
    case Kind::kBoolean: return "true";
    case Kind::kTimestamp: return "2026-01-02T03:04:05Z";
    case Kind::kString:
    case Kind::kStructure:
    case Kind::kList: break;
  }
  return "x";
}

void AddFillers(const Shape& shape, const std::string& prefix, std::string& fillers) {
  for (const Member& member : shape.members) {
    if (!member.required) continue;
    if (member.shape->kind == Kind::kStructure) {
      AddFillers(*member.shape, prefix + member.name + ".", fillers);
    } else if (member.shape->kind != Kind::kList) {
      fillers += "&" + prefix + member.name + "=" + Plausible(member.name, *member.shape);
    }
  }
}

void AddPlaces(const Place& place, std::vector<Place>& places);

void AddMembers(const Shape& shape, const Place& parent, std::vector<Place>& places) {
  const std::string prefix = parent.name.empty() ? "" : parent.name + ".";
  for (const Member& member : shape.members) {
    Place place = parent;
    place.name = prefix + member.name;
    place.members.push_back(member.name);
    place.shape = member.shape;
    place.required = member.required;
    if (!prefix.empty()) AddFillers(shape, prefix, place.fillers);
    AddPlaces(place, places);
  }
}

void AddPlaces(const Place& place, std::vector<Place>& places) {
  places.push_back(place);
  if (place.shape->kind == Kind::kStructure) return AddMembers(*place.shape, place, places);
  if (place.shape->kind != Kind::kList) return;
  Place item = place;
  item.name += "." + place.shape->item_name + ".1";
  item.shape = place.shape->item;
  item.required = false;
  AddPlaces(item, places);
}

}  // namespace

std::vector<Place> PlacesIn(const Shape& input) {
  std::vector<Place> places;
  AddMembers(input, Place{}, places);
  return places;
}

}  // namespace cacheplane::gateway::aws
