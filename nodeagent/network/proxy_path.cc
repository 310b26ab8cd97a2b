#include "nodeagent/network/proxy_path.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <set>
#include <thread>

#include "common/text.h"
#include "nodeagent/network/probe.h"
#include "nodeagent/network/proxy_listener.h"

namespace cacheplane::network {

// One thread owns every listener and connection; other threads post to it.
class ProxyPath::Loop {
 public:
  Loop() : work_(context_.get_executor()), thread_([this] { context_.run(); }) {}

  ~Loop() {
    boost::asio::post(context_, [this] { listeners_.clear(); });
    work_.reset();
    thread_.join();
  }

  Status Apply(const Endpoints& endpoints) {
    std::promise<Status> applied;
    boost::asio::post(context_, [&] { applied.set_value(Bring(endpoints)); });
    return applied.get_future().get();
  }

 private:
  Status Bring(const Endpoints& endpoints) {
    std::erase_if(listeners_, [&](const auto& entry) { return !endpoints.contains(entry.first); });
    std::vector<std::string> problems;
    for (const auto& [endpoint, targets] : endpoints) {
      const Status served = Serve(endpoint, targets);
      if (!served.ok()) problems.push_back(served.error().message);
    }
    if (problems.empty()) return {};
    return Unavailable(Join(problems, "; "));
  }

  Status Serve(const SocketAddress& endpoint, const Targets& targets) {
    if (const auto known = listeners_.find(endpoint); known != listeners_.end()) {
      known->second->Retarget(targets);
      return {};
    }
    auto listener = ProxyListener::Open(context_, endpoint, targets);
    if (!listener.ok()) return listener.error();
    listeners_.emplace(endpoint, std::move(*listener));
    return {};
  }

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::map<SocketAddress, std::shared_ptr<ProxyListener>> listeners_;
  std::thread thread_;
};

ProxyPath::ProxyPath() : loop_(std::make_unique<Loop>()) {}
ProxyPath::~ProxyPath() = default;

Status ProxyPath::Apply(const Endpoints& endpoints) {
  endpoints_ = endpoints;
  return loop_->Apply(endpoints);
}

std::vector<SocketAddress> ProxyPath::Unanswered(const std::vector<SocketAddress>& endpoints,
                                                 std::chrono::milliseconds deadline) {
  std::set<SocketAddress> asked(endpoints.begin(), endpoints.end());
  for (const SocketAddress& endpoint : endpoints)
    asked.insert(endpoints_[endpoint].begin(), endpoints_[endpoint].end());
  const std::vector<SocketAddress> silent = Silent({asked.begin(), asked.end()}, deadline);
  const std::set<SocketAddress> dead(silent.begin(), silent.end());
  std::vector<SocketAddress> unanswered;
  for (const SocketAddress& endpoint : endpoints) {
    const Targets& targets = endpoints_[endpoint];
    const bool reachable =
        std::any_of(targets.begin(), targets.end(), [&](const auto& t) { return !dead.contains(t); });
    if (dead.contains(endpoint) || !reachable) unanswered.push_back(endpoint);
  }
  return unanswered;
}

}  // namespace cacheplane::network
