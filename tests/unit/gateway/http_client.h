// A raw HTTP client for tests: sends bytes as given and reads what comes, with a deadline.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cacheplane::test {

struct RawResponse {
  int status = 0;
  std::string headers;  // with the status line
  std::string body;
};

class RawClient {
 public:
  RawClient(const std::string& address, int port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the peer has closed.
  bool Send(std::string_view bytes);
  // A whole response by its Content-Length; nothing when the connection ends or 5 s pass before.
  std::optional<RawResponse> Read();
  // Whether the peer closes (or resets) within that time; what it sends before is dropped.
  bool ClosedWithin(std::chrono::milliseconds time);

 private:
  // False at the end of the stream, or when `until` has passed.
  bool Fill(std::chrono::steady_clock::time_point until);

  int fd_ = -1;
  bool ended_ = false;
  std::string pending_;
};

// "POST path" with a JSON body, kept alive.
std::string Post(const std::string& path, const std::string& body, const std::string& host = "localhost");
std::string Get(const std::string& path, const std::string& host = "localhost");

}  // namespace cacheplane::test
