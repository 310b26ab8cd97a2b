// An engine that counts: answers INCR, EXPIRE and DEL on an address of its own, and can be down for a while.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace cacheplane::cli {

class CountingEngine {
 public:
  CountingEngine();
  ~CountingEngine();
  CountingEngine(const CountingEngine&) = delete;
  CountingEngine& operator=(const CountingEngine&) = delete;

  const std::string& address() const { return address_; }
  int port() const { return port_; }

  // For so long every connection ends at once; then the counter goes on `forgotten` below where it was.
  void Fail(std::chrono::milliseconds down, std::int64_t forgotten);
  // Answers writes with this error from now on.
  void Refuse() { refusing_ = true; }
  // Whether the counter was removed.
  bool removed() const { return removed_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  void Serve();
  void ServeClient();
  void DropClient();
  std::string AnswerTo(const std::string& command);

  const std::string address_ = "127.22.201.1";
  int port_ = 0;
  int listener_ = -1;
  int client_ = -1;
  std::atomic<std::int64_t> counter_ = 0;
  std::atomic<Time> down_until_{Time()};
  std::atomic<bool> refusing_ = false;
  std::atomic<bool> removed_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace cacheplane::cli
