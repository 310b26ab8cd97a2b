// What an agent that handed a primary over tells routers at once: the successor is open. Text, so that a capture can be
// read, sealed (sealed.h):
//
//   cacheplane-switch 1 opened 17 127.20.0.5:6379 10.0.0.7:40001    "in epoch 17, this one", and the address of the
//                                                                   router: said until it is answered
//   cacheplane-switch 1 served 17 127.20.0.5:6379 10.0.0.7:40001    the answer: endpoints armed for it lead there
//
// A router heeds it only where the control plane's map has armed just that (endpoint_map.h), so that a notice that is
// late, or repeated by somebody, changes nothing that was not planned.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/result.h"
#include "nodeagent/network/endpoint_map.h"

namespace cacheplane::network {

enum class SwitchWord { kOpened, kServed };

struct SwitchNotice {
  SwitchWord word = SwitchWord::kOpened;
  ArmedSwitch what{};
  std::string router{};  // "ip:port" by which it is asked

  bool operator==(const SwitchNotice&) const = default;
};

// All of the datagram but its seal.
std::string Encode(const SwitchNotice& notice);
// kInvalidArgument when it is not what Encode writes.
Result<SwitchNotice> ParseSwitchNotice(std::string_view text);

// Tells all routers, again and again, until they serve it; those that do not within that time lead there when the
// control plane says so. Blocks.
void TellRouters(const std::vector<std::string>& routers, const ArmedSwitch& opened,
                 const std::filesystem::path& token_file, std::chrono::milliseconds within);

// Hears notices on a thread of its own.
class SwitchListener {
 public:
  // Called on that thread; true when it is served by then.
  using Handler = std::function<bool(const ArmedSwitch&)>;

  // At any free port. Token as in sealed.h. kUnavailable.
  static Result<std::unique_ptr<SwitchListener>> Open(std::filesystem::path token_file, Handler handler);
  ~SwitchListener();
  SwitchListener(const SwitchListener&) = delete;
  SwitchListener& operator=(const SwitchListener&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  SwitchListener(int fd, std::uint16_t port, std::filesystem::path token_file, Handler handler);
  void Run();
  void Receive();

  const int fd_;
  const std::uint16_t port_;
  const std::filesystem::path token_file_;
  const Handler handler_;
  int stop_ = -1;  // an eventfd
  std::thread thread_;
};

}  // namespace cacheplane::network
