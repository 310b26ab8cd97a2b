#include "controlplane/gateway/aws/wire/arn.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "common/text.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::string_view kStart = "arn:aws:elasticache:";

}  // namespace

std::string ArnOf(const std::string& region, const std::string& type, const std::string& id) {
  return fmt::format("{}{}:{}:{}:{}", kStart, region, kAccount, type, id);
}

std::optional<Arn> ParseArn(const std::string& text) {
  if (!text.starts_with(kStart)) return std::nullopt;
  std::string_view rest = std::string_view(text).substr(kStart.size());
  std::array<std::string_view, 3> parts;  // region, account, type
  for (std::string_view& part : parts) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  if (parts[2].empty() || rest.empty()) return std::nullopt;
  return Arn{std::string(parts[2]), ToLower(rest)};
}

}  // namespace cacheplane::gateway::aws
