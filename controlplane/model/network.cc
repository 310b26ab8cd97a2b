#include "controlplane/model/network.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"

namespace cacheplane::model {

std::uint32_t Cidr::last() const { return prefix == 0 ? ~0U : base | (prefix == 32 ? 0U : ~0U >> prefix); }

bool Cidr::Overlaps(const Cidr& other) const { return base <= other.last() && other.base <= last(); }

std::optional<std::uint32_t> ParseIpv4(std::string_view text) {
  const std::vector<std::string> parts = Split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::uint32_t address = 0;
  for (const std::string& part : parts) {
    const std::optional<long long> byte = ParseInt(part);
    const bool leading_zero = part.size() > 1 && part.front() == '0';
    if (!byte || *byte < 0 || *byte > 255 || leading_zero) return std::nullopt;
    address = address << 8U | static_cast<std::uint32_t>(*byte);
  }
  return address;
}

std::optional<Cidr> ParseCidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint32_t> base = ParseIpv4(text.substr(0, slash));
  const std::optional<long long> prefix = ParseInt(text.substr(slash + 1));
  if (!base || !prefix || *prefix < 0 || *prefix > 32) return std::nullopt;
  const Cidr cidr{*base, static_cast<int>(*prefix)};
  const std::uint32_t host_bits = cidr.prefix == 0 ? ~0U : (cidr.prefix == 32 ? 0U : ~0U >> cidr.prefix);
  if ((cidr.base & host_bits) != 0) return std::nullopt;
  return cidr;
}

std::string FormatIpv4(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24U, address >> 16U & 255U, address >> 8U & 255U, address & 255U);
}

std::string FormatCidr(const Cidr& cidr) { return fmt::format("{}/{}", FormatIpv4(cidr.base), cidr.prefix); }

std::int64_t UsableAddresses(const Cidr& cidr) {
  const std::int64_t all = std::int64_t{cidr.last()} - cidr.base + 1;
  return std::max<std::int64_t>(0, all - kReservedAtStart - kReservedAtEnd);
}

}  // namespace cacheplane::model
