#include "controlplane/gateway/aws/wire/decode.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "controlplane/gateway/aws/wire/scalar.h"

namespace cacheplane::gateway::aws {
namespace {

// Of a list, by their numbers: what their parameters begin with ("Tags.Tag.2").
using Items = std::map<int, std::string>;

// Keeps the first fault; what is decoded after it does not count.
class Decoder {
 public:
  explicit Decoder(const Form& form) : form_(form) {}

  // Of `prefix` ("", or "ScaleConfig."), whose members follow it.
  Json Members(const Shape& shape, const std::string& prefix) {
    Json object = Json::object();
    for (const Member& member : shape.members) {
      const std::string name = prefix + member.name;
      auto value = Value(*member.shape, name);
      if (value) {
        object[member.name] = *std::move(value);
      } else if (member.required) {
        Fail(MissingParameter(fmt::format("{}: is required and was not given", name)));
      }
    }
    return object;
  }

  std::vector<std::string> Unknown() const {
    std::vector<std::string> unknown;
    for (const auto& [name, value] : form_) {
      if (!used_.contains(name) && name != "Action" && name != "Version") unknown.push_back(name);
    }
    return unknown;
  }
  std::optional<Fault>& fault() { return fault_; }

 private:
  // Nothing when it was not sent.
  std::optional<Json> Value(const Shape& shape, const std::string& name) {
    if (shape.kind == Kind::kStructure) return Structure(shape, name);
    if (shape.kind == Kind::kList) return List(shape, name);
    const std::string* text = Take(name);
    if (text == nullptr) return std::nullopt;
    auto parsed = ParseScalar(shape, name, *text);
    if (auto* fault = std::get_if<Fault>(&parsed)) return Fail(std::move(*fault));
    return std::get<Json>(std::move(parsed));
  }

  std::optional<Json> Structure(const Shape& shape, const std::string& name) {
    const std::string* text = Take(name);
    if (text != nullptr && !text->empty()) {
      return Fail(InvalidParameterValue(
          fmt::format("{}: {} is not allowed; allowed: members, as {}.<name>", name, Quoted(*text), name)));
    }
    if (!SomeBelow(name + ".")) return std::nullopt;
    return Members(shape, name + ".");
  }

  std::optional<Json> List(const Shape& shape, const std::string& name) {
    const std::string* text = Take(name);
    if (text != nullptr && !text->empty()) {
      return Fail(InvalidParameterValue(fmt::format("{}: {} is not allowed; allowed: items, as {}.{}.1", name,
                                                    Quoted(*text), name, shape.item_name)));
    }
    if (shape.item_name.empty()) return Array(shape, ItemsBelow(name + "."));
    Items items = ItemsBelow(name + "." + shape.item_name + ".");
    if (shape.item_name != "member") items.merge(ItemsBelow(name + ".member."));
    if (items.empty() && text == nullptr) return std::nullopt;
    return Array(shape, items);
  }

  Json Array(const Shape& shape, const Items& items) {
    Json array = Json::array();
    for (const auto& [number, item] : items) {
      if (auto value = Value(*shape.item, item)) array.push_back(*std::move(value));
    }
    return array;
  }

  // Where items are given under both of their names, those of the model's name count.
  Items ItemsBelow(const std::string& prefix) {
    Items items;
    for (auto at = form_.lower_bound(prefix); at != form_.end() && at->first.starts_with(prefix); ++at) {
      const std::string_view rest = std::string_view(at->first).substr(prefix.size());
      const std::string_view digits = rest.substr(0, rest.find('.'));
      const auto number = ListNumber(digits);
      if (!number) {
        Fail(InvalidParameterValue(fmt::format("{}: the list number {} is not allowed; allowed: 1 to {}",
                                               Quoted(at->first), Quoted(digits), kMaxListNumber)));
        return {};
      }
      items.emplace(*number, prefix + std::string(digits));
    }
    return items;
  }

  static std::optional<int> ListNumber(std::string_view digits) {
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    if (number < 1 || number > kMaxListNumber || digits.front() == '0') return std::nullopt;
    return number;
  }

  bool SomeBelow(const std::string& prefix) const {
    const auto at = form_.lower_bound(prefix);
    return at != form_.end() && at->first.starts_with(prefix);
  }

  const std::string* Take(const std::string& name) {
    const auto found = form_.find(name);
    if (found == form_.end()) return nullptr;
    used_.insert(found->first);
    return &found->second;
  }

  std::nullopt_t Fail(Fault fault) {
    if (!fault_) fault_ = std::move(fault);
    return std::nullopt;
  }

  const Form& form_;
  std::set<std::string_view> used_;
  std::optional<Fault> fault_;
};

}  // namespace

std::variant<Decoded, Fault> Decode(const Form& form, const Shape& shape) {
  Decoder decoder(form);
  Json input = decoder.Members(shape, "");
  if (decoder.fault()) return *std::move(decoder.fault());
  return Decoded{std::move(input), decoder.Unknown()};
}

}  // namespace cacheplane::gateway::aws
