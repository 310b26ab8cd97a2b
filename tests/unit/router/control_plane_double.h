// A RouterService in this process: sends the maps it is given and keeps what routers report.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "nodeagent/network/endpoint_map.h"
#include "nodeagent/router/map_keeper.h"

namespace cacheplane::router {

class ControlPlaneDouble {
 public:
  // Listens on 127.0.0.1; port 0 takes a free one. Calls with another token than `token` are
  // turned away, unless it is empty.
  explicit ControlPlaneDouble(std::string token, int port = 0);
  // Cuts every session.
  ~ControlPlaneDouble();

  int port() const;
  std::string address() const;

  // Sent to the session there is, and first thing to every later one.
  void Publish(const network::EndpointMap& map);

  // Waits until the last report satisfies `condition`; false after five seconds.
  bool WaitFor(const std::function<bool(const RouterFacts&)>& condition);
  // The name in the last report, and how many reports came.
  std::string RouterName();
  // Where it hears switch notices, by the last report.
  std::string SwitchAddress();
  int Reports();
  // Calls refused for their token.
  int Refused();

 private:
  class Service;
  std::unique_ptr<Service> service_;
};

}  // namespace cacheplane::router
