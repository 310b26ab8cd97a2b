// The router's loop: maps come in from the session's threads, one thread carries them out and reports.
#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "nodeagent/router/map_keeper.h"

namespace cacheplane::router {

class Router {
 public:
  Router(network::DataPath& path, const std::filesystem::path& map_file, const Clock& clock);

  // Any thread. Maps are whole, so only the last one offered counts.
  void Offer(network::EndpointMap map, std::vector<std::string> complaints);

  // Any thread: as MapKeeper::Switch, when it is its turn. False when stopped.
  bool Switch(const network::ArmedSwitch& opened);

  // Serves the map on disk, then what is offered, until Stop. `report` is called when the facts have changed.
  void Run(const std::function<void(const RouterFacts&)>& report);
  // Any thread.
  void Stop();

 private:
  struct Offered {
    network::EndpointMap map;
    std::vector<std::string> complaints;
  };

  struct Asked {
    network::ArmedSwitch opened;
    std::promise<bool> served;
  };
  struct Mail {
    std::optional<Offered> offered;
    std::vector<Asked> asked;
  };

  // What came in until `deadline`; nothing when stopped.
  std::optional<Mail> Wait(MonoTime deadline);

  MapKeeper keeper_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Mail mail_;
  bool stopped_ = false;
};

}  // namespace cacheplane::router
