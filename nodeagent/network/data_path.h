// How endpoints are served. Two ways: rules in the kernel (kernel_path.h) or a forwarding process (proxy_path.h).
// One thread, the router's, calls every method.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

class DataPath {
 public:
  virtual ~DataPath() = default;

  // "kernel" or "proxy"
  virtual std::string_view Name() const = 0;

  // Serves exactly these endpoints. Endpoints that do not change are not disturbed. On an error (kUnavailable,
  // kInternal) the rest of the map may be served already; calling again is safe.
  virtual Status Apply(const Endpoints& endpoints) = 0;

  // Restores what was applied if somebody else removed or changed it. True when something had to be restored.
  virtual Result<bool> Heal() = 0;

  // Those of `endpoints` (all of them applied) through which no TCP connection came about within the deadline.
  virtual std::vector<SocketAddress> Unanswered(const std::vector<SocketAddress>& endpoints,
                                                std::chrono::milliseconds deadline) = 0;
};

enum class PathChoice { kAuto, kKernel, kProxy };

// kAuto: the kernel when it lets us make our table, else the proxy, with a line in the log that says why.
// `table` names the nftables table. kInvalidArgument for a bad name, kUnavailable when kKernel is refused.
Result<std::unique_ptr<DataPath>> OpenDataPath(PathChoice choice, const std::string& table);

}  // namespace cacheplane::network
