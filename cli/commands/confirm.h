// Asks before something that hurts.
#pragma once

#include <string>

#include "cli/commands/session.h"
#include "common/result.h"

namespace cacheplane::cli {

// Lets the user type the name of the cluster; `what` is as in "deletes cluster orders and its data".
// kFailedPrecondition when it is another name, or there is no terminal to ask on.
Status ConfirmByName(Host& host, const std::string& name, const std::string& what);

}  // namespace cacheplane::cli
