// Amazon resource names: arn:aws:elasticache:<region>:<account>:<type>:<id>. All resources belong to one account.
#pragma once

#include <optional>
#include <string>

namespace cacheplane::gateway::aws {

// An installation has no accounts.
inline constexpr const char* kAccount = "000000000000";
// It has one network.
inline constexpr const char* kVpc = "vpc-cacheplane";

struct Arn {
  std::string type;  // "replicationgroup", "cluster", "parametergroup", "subnetgroup"
  std::string id;    // lower case

  bool operator==(const Arn&) const = default;
};

std::string ArnOf(const std::string& region, const std::string& type, const std::string& id);

// Of ElastiCache in that region and this account; nothing for any other text.
std::optional<Arn> ParseArn(const std::string& text, const std::string& region);

}  // namespace cacheplane::gateway::aws
