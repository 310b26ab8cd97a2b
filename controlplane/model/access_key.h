// Access keys (desired): who may call the AWS API, and how much.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/clock.h"
#include "controlplane/model/ids.h"

namespace cacheplane::model {

using AccessKeyId = Id<struct AccessKeyIdTag>;  // "AKIA" and 16 of A-Z and 2-7

enum class AccessRole {
  kViewer,    // reads
  kOperator,  // also creates, changes and deletes clusters and groups
  kAdmin,     // everything
};

std::string_view AccessRoleName(AccessRole role);  // "viewer", "operator", "admin"
std::optional<AccessRole> AccessRoleNamed(std::string_view name);

// Its secret is derived of the id (ports/secrets.h). A key that was revoked stays as a row, so that its id is not
// forgotten.
struct AccessKey {
  AccessKeyId id;
  AccessRole role = AccessRole::kOperator;
  std::string description;
  WallTime created;
  std::optional<WallTime> revoked{};

  bool operator==(const AccessKey&) const = default;
};

}  // namespace cacheplane::model
