// What ResourceName names, for tags: replication groups, their members, parameter groups and subnet groups.
#pragma once

#include <string>
#include <variant>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/service/tags.h"

namespace cacheplane::gateway::aws {

// What a resource's tags are stored with.
struct TagHolder {
  enum class Kind { kCluster, kParameterGroup, kSubnetGroup };
  Kind kind = Kind::kCluster;
  std::string name;
  service::Tags tags;
};

// InvalidARN for what names nothing that ElastiCache has, and the fault of its kind for what is not there.
std::variant<TagHolder, Fault> FindTagHolder(const Services& services, const Call& call);

// Why tags of a holder of that kind are not changed.
Fault TagFault(const Error& error, TagHolder::Kind kind);

}  // namespace cacheplane::gateway::aws
