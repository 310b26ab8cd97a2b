#include "controlplane/model/plan.h"

namespace cacheplane::model {

std::string_view RoleName(Role role) { return role == Role::kPrimary ? "primary" : "replica"; }

std::string_view EndpointKindName(EndpointKind kind) { return kind == EndpointKind::kPrimary ? "primary" : "reader"; }

}  // namespace cacheplane::model
