// Ends connections in the kernel, whatever the process that has them does.
#pragma once

#include "common/result.h"
#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

// Every TCP connection whose near end is `local` is reset (SOCK_DESTROY): what was not sent never is, and the far end
// learns it at once. Listening goes on. kUnavailable without CAP_NET_ADMIN or a kernel that can.
Status ResetConnections(const SocketAddress& local);

}  // namespace cacheplane::network
