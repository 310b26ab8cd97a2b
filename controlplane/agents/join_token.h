// The join token: what every agent and router proves itself with.
#pragma once

#include <string>
#include <string_view>

#include "common/result.h"

namespace cacheplane::agents {

class JoinToken {
 public:
  explicit JoinToken(std::string token);  // must not be empty

  // `authorization` is the call's metadata value, "Bearer <token>"; nothing of it is ever repeated. kUnauthenticated
  // when it is missing or wrong. The time it takes does not depend on where it differs.
  Status Check(std::string_view authorization) const;

 private:
  std::string token_;
};

}  // namespace cacheplane::agents
