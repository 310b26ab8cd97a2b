// Endpoints served by forwarding: a listener on each endpoint's address and port, and two sockets per connection.
// Used where the kernel path is not to be had; measured for such proxies: about half the unpipelined throughput.
//
// New connections wait while no target can be reached, up to kHold, so that a switch of primaries looks like a slow
// connect. Connections to a target that left the endpoint are closed. A killed router loses its connections, and
// takes new ones as soon as it runs again.
#pragma once

#include <memory>

#include "nodeagent/network/data_path.h"

namespace cacheplane::network {

class ProxyPath final : public DataPath {
 public:
  // Starts the forwarding thread.
  ProxyPath();
  // Closes every listener and connection.
  ~ProxyPath() override;

  std::string_view Name() const override { return "proxy"; }
  // kUnavailable when an address cannot be listened on; the other endpoints are served all the same.
  Status Apply(const Endpoints& endpoints) override;
  // Nobody can take a listener away from this process.
  Result<bool> Heal() override { return false; }
  // The endpoint must accept, and one of its targets as well: the proxy accepts whether or not it can forward.
  std::vector<SocketAddress> Unanswered(const std::vector<SocketAddress>& endpoints,
                                        std::chrono::milliseconds deadline) override;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
  Endpoints endpoints_;
};

}  // namespace cacheplane::network
