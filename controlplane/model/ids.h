// Strong identifiers: two kinds of text or number that must never be mixed up have two types.
#pragma once

#include <fmt/format.h>

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

namespace cacheplane::model {

template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}
  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string value_;
};

template <typename Tag>
struct Number {
  std::uint64_t value = 0;
  auto operator<=>(const Number&) const = default;
  Number Next() const { return {value + 1}; }
};

using ClusterUid = Id<struct ClusterUidTag>;    // never reused, unlike a cluster's name
using NodeName = Id<struct NodeNameTag>;        // "orders-001"; reused by a node's next incarnation
using Incarnation = Id<struct IncarnationTag>;  // one life of a node: one agent, one data directory
using AgentName = Id<struct AgentNameTag>;
using OperationId = Id<struct OperationIdTag>;

using Epoch = Number<struct EpochTag>;  // of a shard; rises when a primary is to be opened anew
using Boot = Number<struct BootTag>;    // of a node; a future primary's process starts once per boot

}  // namespace cacheplane::model

template <typename Tag>
struct fmt::formatter<cacheplane::model::Id<Tag>> : fmt::formatter<std::string> {
  template <typename Context>
  auto format(const cacheplane::model::Id<Tag>& id, Context& context) const {
    return fmt::formatter<std::string>::format(id.str(), context);
  }
};

template <typename Tag>
struct fmt::formatter<cacheplane::model::Number<Tag>> : fmt::formatter<std::uint64_t> {
  template <typename Context>
  auto format(const cacheplane::model::Number<Tag>& number, Context& context) const {
    return fmt::formatter<std::uint64_t>::format(number.value, context);
  }
};
