// Subnets, subnet groups and security groups (desired).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cacheplane::model {

// An IPv4 range. Addresses are numbers in host byte order.
struct Cidr {
  std::uint32_t base = 0;  // host bits are zero
  int prefix = 0;          // 0..32

  bool operator==(const Cidr&) const = default;
  std::uint32_t last() const;
  bool Overlaps(const Cidr& other) const;
};

// "10.1.0.0/16"; nothing when it is malformed or has host bits set.
std::optional<Cidr> ParseCidr(std::string_view text);
std::optional<std::uint32_t> ParseIpv4(std::string_view text);
std::string FormatIpv4(std::uint32_t address);
std::string FormatCidr(const Cidr& cidr);

// First address given to a node or endpoint: like the original, the first four and the last are kept free.
inline constexpr std::uint32_t kReservedAtStart = 4;
inline constexpr std::uint32_t kReservedAtEnd = 1;
// Addresses of the range that can be given away.
std::int64_t UsableAddresses(const Cidr& cidr);

struct Subnet {
  std::string name;
  std::string zone;
  Cidr cidr;

  bool operator==(const Subnet&) const = default;
};

struct SubnetGroup {
  std::string name;
  std::string description;
  std::vector<std::string> subnets;  // sorted names
  std::map<std::string, std::string> tags{};

  bool operator==(const SubnetGroup&) const = default;
};

struct SecurityGroupRule {
  std::string protocol;  // "tcp"
  int from_port = 0;
  int to_port = 0;
  Cidr cidr;
  std::string description;

  bool operator==(const SecurityGroupRule&) const = default;
};

struct SecurityGroup {
  std::string name;
  std::string description;
  std::vector<SecurityGroupRule> ingress;

  bool operator==(const SecurityGroup&) const = default;
};

}  // namespace cacheplane::model
