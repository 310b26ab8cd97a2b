#include "tests/unit/gateway_aws/hostile/calls.h"

#include <fmt/format.h>

#include <algorithm>

namespace cacheplane::gateway::aws {
namespace {

constexpr std::size_t kShownBytes = 100;  // longer names are cut in messages

class Maker {
 public:
  Maker(const ModelOperation& operation, const Form& good) : operation_(operation), good_(good) {}

  std::vector<HostileCall> All() {
    for (const Place& place : PlacesIn(*operation_.input)) {
      if (place.required) Missing(place);
      if (place.shape->kind == Kind::kList) {
        List(place);
      } else if (place.shape->kind == Kind::kStructure) {
        With(place, "is a text", "text", place.name != operation_.name);
      } else {
        Scalar(place);
      }
    }
    return std::move(calls_);
  }

 private:
  // The good form without the place and what is below it.
  Form Without(const std::string& name) const {
    Form form = good_;
    std::erase_if(form, [&](const auto& pair) { return pair.first == name || pair.first.starts_with(name + "."); });
    return form;
  }

  // What the protocol refuses is named in full; an operation may name the list that the value is in.
  void Add(const Place& place, const std::string& what, std::string body, bool must_fail) {
    const std::vector<std::string> blamed = must_fail ? std::vector{place.name.substr(0, kShownBytes)} : place.members;
    calls_.push_back({fmt::format("{} {}: {}", operation_.name, place.name, what), std::move(body), must_fail, blamed});
  }

  // The good form with the place as it is told; the members that must stand beside it are given, too.
  void With(const Place& place, const std::string& what, const std::string& value, bool must_fail) {
    Form form = Without(place.name);
    AddFillers(place, form);
    form[place.name] = value;
    Add(place, what, BodyOf(form), must_fail);
    if (value.empty() && !must_fail) calls_.back().blamed.clear();  // it is one that was not given
  }

  static void AddFillers(const Place& place, Form& form) {
    const auto fillers = std::get<Form>(ParseForm(place.fillers));
    form.insert(fillers.begin(), fillers.end());
  }

  void Missing(const Place& place) {
    Form form = Without(place.name);
    AddFillers(place, form);
    form.erase(place.name);
    const auto parent = place.name.rfind('.');
    if (parent != std::string::npos) form[place.name.substr(0, parent) + ".Other"] = "x";
    Add(place, "missing", BodyOf(form), true);
  }

  void Scalar(const Place& place) {
    for (const auto& [what, value] : BadValues(*place.shape)) {
      With(place, what, value, !ProtocolTakes(*place.shape, value));
    }
    for (const auto& [what, value] : BrokenUtf8()) With(place, what, value, true);
    Form form = Without(place.name);
    Add(place, "twice", BodyOf(form) + fmt::format("&{0}=a&{0}=b", place.name), true);
    Add(place, "a broken escape", BodyOf(form) + fmt::format("&{}=%4", place.name), true);
    calls_.back().blamed.clear();
  }

  static bool ProtocolTakes(const Shape& shape, const std::string& value);

  void List(const Place& place) {
    With(place, "is a text", "text", true);
    With(place, "is empty", "", false);
    for (const char* number : {"0", "-1", "01", "x", "", "1x", "10001", "99999999999999999999"}) {
      Item(place, number, true);
    }
    Item(place, "10000", false);
    Several(place, "many", 3000, 1);
    Several(place, "with gaps", 3, 3000);
    Several(place, "far too many", 100'000, 1);
  }

  void Item(const Place& place, const std::string& number, bool must_fail) {
    Form form = Without(place.name);
    AddFillers(place, form);
    form[fmt::format("{}.{}.{}{}", place.name, place.shape->item_name, number, BelowItem(place))] = "x";
    Add(place, fmt::format("the list number \"{}\"", number), BodyOf(form), must_fail);
    BlameItem(place);
  }

  void Several(const Place& place, const std::string& what, int count, int step) {
    Form form = Without(place.name);
    AddFillers(place, form);
    std::string body = BodyOf(form);
    const std::string prefix = fmt::format("&{}.{}.", place.name, place.shape->item_name);
    for (int i = 0; i < count; ++i) body += fmt::format("{}{}{}=i{}", prefix, 1 + i * step, BelowItem(place), i);
    const bool too_many = count > static_cast<int>(kMaxParameters);
    Add(place, what, std::move(body), too_many);
    BlameItem(place);
    if (too_many) calls_.back().blamed.clear();
  }

  void BlameItem(const Place& place) {
    const Shape& item = *place.shape->item;
    if (item.kind == Kind::kStructure) calls_.back().blamed.push_back(item.members.front().name);
  }

  // Of a structure, its first member.
  static std::string BelowItem(const Place& place) {
    const Shape& item = *place.shape->item;
    return item.kind == Kind::kStructure ? "." + item.members.front().name : "";
  }

  const ModelOperation& operation_;
  const Form& good_;
  std::vector<HostileCall> calls_;
};

bool Maker::ProtocolTakes(const Shape& shape, const std::string& value) {
  const auto is = [&](std::initializer_list<const char*> all) {
    return std::find(all.begin(), all.end(), value) != all.end();
  };
  switch (shape.kind) {
    case Kind::kInteger: return is({"-1", "0", "2147483647", "-2147483648"});
    case Kind::kDouble: return !is({"", "seven", "NaN", "inf", "0x10", " 1", "+1"});
    case Kind::kBoolean: return value == "TRUE";
    case Kind::kTimestamp: return value == "0000-01-01T00:00:00Z" || value == "9999-12-31T23:59:59Z";
    case Kind::kString: return shape.allowed.empty();
    case Kind::kStructure:
    case Kind::kList: break;
  }
  return false;
}

}  // namespace

std::string Escaped(std::string_view bytes) {
  std::string escaped;
  for (const char c : bytes) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    escaped += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

std::string BodyOf(const Form& form) {
  std::string body;
  for (const auto& [name, value] : form) body += (body.empty() ? "" : "&") + Escaped(name) + "=" + Escaped(value);
  return body;
}

std::vector<HostileCall> HostileCalls(const ModelOperation& operation, const Form& good) {
  return Maker(operation, good).All();
}

}  // namespace cacheplane::gateway::aws
