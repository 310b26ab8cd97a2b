#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cache-engine/resp/client.h"
#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

// Writes one key after the other wherever writes are taken, and remembers what was acknowledged.
class Writer {
 public:
  explicit Writer(std::vector<Address> places) : places_(std::move(places)), thread_([this] { Run(); }) {}
  ~Writer() { Stop(); }
  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  int acknowledged() const { return acknowledged_; }
  std::chrono::microseconds longest_gap() const { return longest_gap_; }

 private:
  void Run() {
    auto last = std::chrono::steady_clock::now();
    while (!stop_) {
      if (!Write(acknowledged_)) continue;
      const auto now = std::chrono::steady_clock::now();
      longest_gap_ = std::max(longest_gap_, std::chrono::duration_cast<std::chrono::microseconds>(now - last));
      last = now;
      ++acknowledged_;
    }
  }

  bool Write(int number) {
    const Address& place = places_[place_];
    if (!client_) {
      auto client = resp::Client::Connect(place.host, place.port, std::chrono::milliseconds(1000));
      if (!client.ok()) return Elsewhere();
      client_ = std::move(*client);
    }
    const auto reply = client_->Call({"SET", "k" + std::to_string(number), "v"}, std::chrono::milliseconds(2000));
    if (reply.ok() && reply->text == "OK") return true;
    // Refused for want of replicas it is refused for a moment, and everywhere.
    if (reply.ok() && reply->text.starts_with("NOREPLICAS")) return false;
    return Elsewhere();
  }

  bool Elsewhere() {
    client_.reset();
    place_ = (place_ + 1) % places_.size();
    return false;
  }

  const std::vector<Address> places_;
  std::size_t place_ = 0;
  std::unique_ptr<resp::Client> client_;
  std::atomic<bool> stop_ = false;
  std::atomic<int> acknowledged_ = 0;
  std::chrono::microseconds longest_gap_{0};
  std::thread thread_;
};

}  // namespace cacheplane::agent
