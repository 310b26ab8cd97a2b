// A client as an application has it, which writes all the time through an endpoint and notes when it could not.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "cli/client/write_ledger.h"

namespace cacheplane::resp {
class Client;
}

namespace cacheplane::cli {

class WriteProbe {
 public:
  struct Options {
    std::string address;  // an IP address
    int port = 0;
    std::string key;  // a counter of its own; removed at the end, and by itself after an hour
    std::chrono::microseconds interval{500};
    // A client that has waited for so long connects anew.
    std::chrono::milliseconds patience{100};
  };

  // Begins to write, on a thread of its own.
  explicit WriteProbe(Options options);
  ~WriteProbe();
  WriteProbe(const WriteProbe&) = delete;
  WriteProbe& operator=(const WriteProbe&) = delete;

  // So far.
  WriteLedger ledger() const;
  // Ends the writing.
  WriteLedger Stop();

 private:
  void Run();
  void WriteOnce();
  void Acknowledge(std::int64_t value);
  void Note(const std::string& failure);
  void LetExpire();
  void RemoveKey();

  const Options options_;
  std::unique_ptr<resp::Client> client_;  // null while there is no connection
  bool expires_ = false;                  // the key was told to, over this connection
  mutable std::mutex mutex_;
  WriteLedger ledger_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace cacheplane::cli
