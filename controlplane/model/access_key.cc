#include "controlplane/model/access_key.h"

namespace cacheplane::model {

std::string_view AccessRoleName(AccessRole role) {
  switch (role) {
    case AccessRole::kViewer: return "viewer";
    case AccessRole::kOperator: return "operator";
    case AccessRole::kAdmin: return "admin";
  }
  return "";
}

std::optional<AccessRole> AccessRoleNamed(std::string_view name) {
  for (const AccessRole role : {AccessRole::kViewer, AccessRole::kOperator, AccessRole::kAdmin}) {
    if (AccessRoleName(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace cacheplane::model
