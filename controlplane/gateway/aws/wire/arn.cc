#include "controlplane/gateway/aws/wire/arn.h"

#include <fmt/format.h>

#include <string_view>

#include "common/text.h"

namespace cacheplane::gateway::aws {

std::string ArnOf(const std::string& region, const std::string& type, const std::string& id) {
  return fmt::format("arn:aws:elasticache:{}:{}:{}:{}", region, kAccount, type, id);
}

std::optional<Arn> ParseArn(const std::string& text, const std::string& region) {
  const std::string start = fmt::format("arn:aws:elasticache:{}:{}:", region, kAccount);
  if (!text.starts_with(start)) return std::nullopt;
  const std::string_view rest = std::string_view(text).substr(start.size());
  const auto colon = rest.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 == rest.size()) return std::nullopt;
  return Arn{std::string(rest.substr(0, colon)), ToLower(rest.substr(colon + 1))};
}

}  // namespace cacheplane::gateway::aws
