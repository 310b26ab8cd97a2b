// The open sessions of the agent gateway and the thread that looks for silent ones.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "common/clock.h"
#include "common/result.h"

namespace cacheplane::agents {

class LiveSession {
 public:
  virtual ~LiveSession() = default;
  // Time has passed: ends the session if its peer has been silent for too long.
  virtual void Tick(MonoTime now) = 0;
  virtual void End(const Error& error) = 0;
};

// Thread-safe.
class LiveSessions {
 public:
  // False when no more sessions are taken.
  bool Add(const std::shared_ptr<LiveSession>& session);
  void Remove(const LiveSession* session);

  void TickAll(MonoTime now);
  // Takes no more sessions and ends those there are; returns when all are removed or `patience` is over.
  void Close(const Error& error, std::chrono::milliseconds patience);

 private:
  std::vector<std::shared_ptr<LiveSession>> Copy();

  std::mutex mutex_;  // never held while a session is called
  std::condition_variable removed_;
  bool closed_ = false;
  std::set<std::shared_ptr<LiveSession>> sessions_;
};

// Calls a function every `interval` on a thread of its own until destroyed.
class Ticker {
 public:
  Ticker(std::chrono::milliseconds interval, std::function<void()> function);
  ~Ticker();

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace cacheplane::agents
