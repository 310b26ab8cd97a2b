#include "nodeagent/router/router.h"

#include <utility>

namespace cacheplane::router {

Router::Router(network::DataPath& path, const std::filesystem::path& map_file, const Clock& clock)
    : keeper_(path, map_file, clock) {}

void Router::Offer(network::EndpointMap map, std::vector<std::string> complaints) {
  const std::lock_guard lock(mutex_);
  mail_.offered = Offered{std::move(map), std::move(complaints)};
  wake_.notify_one();
}

bool Router::Switch(const network::ArmedSwitch& opened) {
  std::future<bool> served;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    served = mail_.asked.emplace_back(Asked{opened, {}}).served.get_future();
    wake_.notify_one();
  }
  return served.get();
}

void Router::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (Asked& asked : mail_.asked) asked.served.set_value(false);
  mail_.asked.clear();
  wake_.notify_one();
}

std::optional<Router::Mail> Router::Wait(MonoTime deadline) {
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, deadline, [this] { return stopped_ || mail_.offered || !mail_.asked.empty(); });
  if (stopped_) return std::nullopt;
  return std::exchange(mail_, {});
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
    std::optional<Mail> mail = Wait(next);
    if (!mail) return;
    if (mail->offered) keeper_.Take(mail->offered->map, mail->offered->complaints);
    for (Asked& asked : mail->asked) asked.served.set_value(keeper_.Switch(asked.opened));
  }
}

}  // namespace cacheplane::router
