#include "controlplane/model/update.h"

#include <fmt/format.h>

#include <algorithm>

namespace cacheplane::model {

bool IsPatchLevelOf(std::string_view full, std::string_view version) {
  return full.starts_with(fmt::format("{}.", version));
}

std::string UpdateFor(const ClusterSpec& spec, const Node& node, const std::vector<Host>& hosts) {
  const auto host =
      std::find_if(hosts.begin(), hosts.end(), [&](const Host& candidate) { return candidate.agent == node.agent; });
  const bool as_defined = node.engine == spec.engine && IsPatchLevelOf(node.image_version, spec.engine_version);
  if (host == hosts.end() || !as_defined) return {};
  std::string newest = NewestImage(*host, spec.engine, spec.engine_version);
  return IsNewer(newest, node.image_version) ? newest : std::string();
}

std::string NewestUpdate(const ClusterSpec& spec, const std::vector<Node>& nodes, const std::vector<Host>& hosts) {
  std::string newest;
  for (const Node& node : nodes) {
    if (std::string update = UpdateFor(spec, node, hosts); IsNewer(update, newest)) newest = std::move(update);
  }
  return newest;
}

bool IsAsBefore(const Node& node, const Operation& update) {
  const auto before = update.images_before.find(node.incarnation);
  return before != update.images_before.end() && before->second == node.image_version;
}

}  // namespace cacheplane::model
