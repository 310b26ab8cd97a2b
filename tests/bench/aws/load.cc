// Sends prepared HTTP requests over connections that are kept, one thread for each, and tells what that took: so cheap
// that the server is what is measured.
//
//   bench_load ADDRESS PORT CONNECTIONS SECONDS FILE
//
// FILE: requests, each after a line with its length in bytes. SECONDS 0 sends each once, otherwise they are sent over
// and over for so long. Prints one line of JSON. Exit status 1 when a request was not answered, or not with 200.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/file.h"
#include "common/text.h"

namespace cacheplane::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr timeval kPatience{60, 0};

struct Plan {
  sockaddr_in server{};
  int seconds = 0;
  std::vector<std::string> requests;
};

struct Found {
  std::vector<double> milliseconds;
  std::size_t bytes = 0;
  std::size_t dialled = 0;
  std::string problem;
};

std::optional<std::string_view> HeaderIn(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() > name.size() && line[name.size()] == ':' && ToLower(line.substr(0, name.size())) == name) {
      return Trim(line.substr(name.size() + 1));
    }
  }
  return std::nullopt;
}

class Connection {
 public:
  Connection(const sockaddr_in& server, Found& found) : server_(server), found_(found) {}
  ~Connection() { Close(); }

  // Empty, or why there is no answer of 200.
  std::string Ask(const std::string& request) {
    if (fd_ < 0) Open();
    if (fd_ < 0 || send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
      return "the request could not be sent";
    }
    buffer_.clear();
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!Read()) return "the connection ended before an answer";
    }
    const std::string_view head = std::string_view(buffer_).substr(0, end);
    const auto length = ParseInt(std::string(HeaderIn(head, "content-length").value_or("")));
    if (!length) return "the answer tells no length";
    const bool closes = ToLower(HeaderIn(head, "connection").value_or("")) == "close" || head.starts_with("HTTP/1.0");
    const std::size_t whole = end + 4 + static_cast<std::size_t>(*length);
    while (buffer_.size() < whole) {
      if (!Read()) return "the connection ended within an answer";
    }
    found_.bytes += buffer_.size();
    if (closes) Close();
    const std::string_view status = std::string_view(buffer_).substr(0, buffer_.find('\r'));
    return status.find(" 200 ") == std::string_view::npos ? buffer_.substr(0, 2000) : "";
  }

 private:
  void Open() {
    ++found_.dialled;
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&server_), sizeof(server_)) != 0) Close();
  }

  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

  bool Read() {
    const ssize_t size = recv(fd_, chunk_.data(), chunk_.size(), 0);
    if (size > 0) buffer_.append(chunk_.data(), static_cast<std::size_t>(size));
    return size > 0;
  }

  const sockaddr_in server_;
  Found& found_;
  int fd_ = -1;
  std::string buffer_;
  std::vector<char> chunk_ = std::vector<char>(std::size_t{256} * 1024);
};

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void Drive(const Plan& plan, std::atomic<std::size_t>& next, Found& found) {
  Connection connection(plan.server, found);
  const auto until = Clock::now() + std::chrono::seconds(plan.seconds);
  while (true) {
    const std::size_t number = next++;
    if (plan.seconds == 0 ? number >= plan.requests.size() : Clock::now() >= until) return;
    const auto start = Clock::now();
    found.problem = connection.Ask(plan.requests[number % plan.requests.size()]);
    if (!found.problem.empty()) return;
    found.milliseconds.push_back(MillisecondsSince(start));
  }
}

double Percentile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

double OwnCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::vector<std::string> RequestsIn(const std::string& text) {
  std::vector<std::string> requests;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t line = text.find('\n', at);
    const auto size = ParseInt(text.substr(at, line - at));
    if (!size || line == std::string::npos) return {};
    requests.push_back(text.substr(line + 1, static_cast<std::size_t>(*size)));
    at = line + 1 + static_cast<std::size_t>(*size);
  }
  return requests;
}

int Report(const std::vector<Found>& all, double wall, double cpu) {
  std::vector<double> times;
  std::size_t bytes = 0;
  std::size_t dialled = 0;
  for (const Found& found : all) {
    if (!found.problem.empty()) {
      fmt::print(stderr, "bench_load: {}\n", found.problem);
      return 1;
    }
    times.insert(times.end(), found.milliseconds.begin(), found.milliseconds.end());
    bytes += found.bytes;
    dialled += found.dialled;
  }
  std::sort(times.begin(), times.end());
  fmt::print(
      "{{\"answers\": {}, \"seconds\": {:.4f}, \"cpu_seconds\": {:.4f}, \"p50_ms\": {:.4f}, \"p99_ms\": {:.4f}, "
      "\"longest_ms\": {:.4f}, \"bytes\": {}, \"dialled\": {}}}\n",
      times.size(), wall, cpu, Percentile(times, 0.5), Percentile(times, 0.99), Percentile(times, 1), bytes, dialled);
  return 0;
}

// -1 for what is no number of at least `least`.
int NumberIn(const std::string& text, int least, int most) {
  const long long number = ParseInt(text).value_or(-1);
  return number >= least && number <= most ? static_cast<int>(number) : -1;
}

int Main(const std::vector<std::string>& words) {
  constexpr int kHighestPort = 65535;
  constexpr int kMostConnections = 500;
  constexpr int kMostSeconds = 3600;
  Plan plan;
  plan.server.sin_family = AF_INET;
  const bool whole = words.size() == 6 && inet_pton(AF_INET, words[1].c_str(), &plan.server.sin_addr) == 1;
  const int port = whole ? NumberIn(words[2], 1, kHighestPort) : -1;
  const int connections = whole ? NumberIn(words[3], 1, kMostConnections) : -1;
  plan.seconds = whole ? NumberIn(words[4], 0, kMostSeconds) : -1;
  if (port < 0 || connections < 0 || plan.seconds < 0) {
    fmt::print(stderr, "usage: bench_load ADDRESS PORT CONNECTIONS SECONDS FILE\n");
    return 2;
  }
  plan.server.sin_port = htons(static_cast<std::uint16_t>(port));
  const Result<std::string> text = ReadFile(words[5]);
  if (text.ok()) plan.requests = RequestsIn(*text);
  if (plan.requests.empty()) {
    fmt::print(stderr, "bench_load: {} holds no requests\n", words[5]);
    return 2;
  }
  std::vector<Found> found(static_cast<std::size_t>(connections));
  std::atomic<std::size_t> next = 0;
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (Found& own : found) threads.emplace_back([&plan, &next, &own] { Drive(plan, next, own); });
  for (std::thread& thread : threads) thread.join();
  return Report(found, MillisecondsSince(start) / 1000, OwnCpuSeconds());
}

}  // namespace
}  // namespace cacheplane::bench

int main(int argc, char** argv) { return cacheplane::bench::Main({argv, argv + argc}); }
