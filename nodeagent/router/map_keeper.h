// Keeps one endpoint map in force on a data path. One thread calls everything here.
//
//   Take, Switch ──► on disk ──► applied ──► verified ──► its version is reported
//                         └ error: again,    └ an endpoint does not answer: again, with growing pauses
//                           with growing pauses
//
// On disk first: a router that dies in between must not come back with an older map than the one it served. That the
// disk has it for good comes a moment later: a host that crashes takes the data path with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/clock.h"
#include "nodeagent/network/data_path.h"
#include "nodeagent/router/backoff.h"

namespace cacheplane::router {

// What the control plane is told.
struct RouterFacts {
  // "kernel" or "proxy"
  std::string data_path;
  // Highest version served and verified; 0 before the first.
  std::uint64_t map_version = 0;
  // Why a newer one is not, or what is wrong with this one; "" when all is well.
  std::string problem;

  bool operator==(const RouterFacts&) const = default;
};

class MapKeeper {
 public:
  // An endpoint that does not answer holds the version back for this long and no longer: one dead engine must not
  // keep every other cluster's change from being reported. It stays named in `problem`, and is asked on.
  static constexpr std::chrono::milliseconds kVerifyPatience{5000};

  MapKeeper(network::DataPath& path, std::filesystem::path map_file, const Clock& clock);

  // Serves the map on disk, if there is one; without one the data path is left as it is.
  void Restore();

  // Makes `wanted` the map to serve unless its version is lower. `complaints`: what was wrong with it as it came.
  void Take(const network::EndpointMap& wanted, const std::vector<std::string>& complaints);

  // Leads the endpoints that are armed for it there, now. False: none is, or that could not be applied yet.
  bool Switch(const network::ArmedSwitch& opened);

  // Does what is due, and says when there will be more to do.
  MonoTime Tick();

  RouterFacts Facts() const;

 private:
  void Replace(network::EndpointMap map);
  void Adopt(network::EndpointMap map);
  void Save();
  void Apply();
  void Verify();
  void Heal();
  void AdvanceVersion();

  network::DataPath& path_;
  const std::filesystem::path map_file_;
  const Clock& clock_;

  network::EndpointMap map_;
  network::Endpoints applied_;
  bool pending_ = false;
  // Endpoints that have not answered since they were applied, and when that was.
  std::map<network::SocketAddress, MonoTime> unverified_;
  std::uint64_t verified_version_ = 0;
  bool unsaved_ = false;
  MonoTime save_at_{};
  MonoTime apply_at_{};
  MonoTime verify_at_{};
  MonoTime heal_at_{};
  Backoff apply_backoff_;
  Backoff verify_backoff_;
  std::string refusal_;
  std::string apply_problem_;
};

}  // namespace cacheplane::router
