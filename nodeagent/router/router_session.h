// The stream to the control plane (RouterService in cacheplane/agent/v1/router.proto): dials, redials for ever with a
// jittered pause of 50 ms to 1 s, hands maps over, sends facts when they change and each second. Control plane gone
// or not, the data path goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nodeagent/network/endpoint_map.h"
#include "nodeagent/router/map_keeper.h"

namespace cacheplane::router {

struct SessionOptions {
  // This router's name.
  std::string router;
  // "host:port"
  std::string control_plane;
  // Holds the join token; read anew for each dial, so that it can be exchanged. "" sends none.
  std::filesystem::path token_file;
  // Where switch notices are heard (network/switch_notice.h); 0: nowhere.
  std::uint16_t switch_port = 0;
};

class RouterSession {
 public:
  // Called on a thread of the session's; must not block.
  using OnMap = std::function<void(network::EndpointMap, std::vector<std::string> complaints)>;

  // `first` is what the control plane is told until Report is called.
  RouterSession(SessionOptions options, const RouterFacts& first, OnMap on_map);
  // Ends the stream and joins.
  ~RouterSession();

  // Any thread; never blocks.
  void Report(const RouterFacts& facts);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cacheplane::router
