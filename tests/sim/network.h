// Which host cannot reach which: in one direction or both. The control plane is "cp". Clients reach every host: it is
// the worst that they can do.
#pragma once

#include <set>
#include <string>
#include <utility>

namespace cacheplane::sim {

inline const std::string kControlPlane = "cp";

class Network {
 public:
  void Cut(const std::string& from, const std::string& to) { cuts_.emplace(from, to); }
  void Heal(const std::string& from, const std::string& to) { cuts_.erase({from, to}); }
  void HealAll() { cuts_.clear(); }

  bool Passes(const std::string& from, const std::string& to) const {
    return from == to || !cuts_.contains({from, to});
  }
  // A connection needs both directions.
  bool Connects(const std::string& a, const std::string& b) const { return Passes(a, b) && Passes(b, a); }

 private:
  std::set<std::pair<std::string, std::string>> cuts_;
};

}  // namespace cacheplane::sim
