#include "nodeagent/router/router.h"

#include <utility>

namespace cacheplane::router {

Router::Router(network::DataPath& path, const std::filesystem::path& map_file, const Clock& clock)
    : keeper_(path, map_file, clock) {}

void Router::Offer(network::EndpointMap map, std::vector<std::string> complaints) {
  const std::lock_guard lock(mutex_);
  offered_ = Offered{std::move(map), std::move(complaints)};
  wake_.notify_one();
}

void Router::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  wake_.notify_one();
}

bool Router::Wait(MonoTime deadline, std::optional<Offered>& offered) {
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, deadline, [this] { return stopped_ || offered_; });
  offered = std::exchange(offered_, std::nullopt);
  return !stopped_;
}

void Router::Run(const std::function<void(const RouterFacts&)>& report) {
  RouterFacts reported;
  keeper_.Restore();
  for (;;) {
    const MonoTime next = keeper_.Tick();
    if (RouterFacts facts = keeper_.Facts(); facts != reported) {
      report(facts);
      reported = std::move(facts);
    }
    std::optional<Offered> offered;
    if (!Wait(next, offered)) return;
    if (offered) keeper_.Take(offered->map, offered->complaints);
  }
}

}  // namespace cacheplane::router
