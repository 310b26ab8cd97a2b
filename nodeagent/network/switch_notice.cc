#include "nodeagent/network/switch_notice.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "common/check.h"
#include "common/log.h"
#include "common/text.h"
#include "nodeagent/network/sealed.h"

namespace cacheplane::network {
namespace {

using std::chrono::milliseconds;
using Instant = std::chrono::steady_clock::time_point;

constexpr std::string_view kProtocol = "cacheplane-switch";
constexpr std::string_view kVersion = "1";
constexpr std::array<std::string_view, 2> kWords = {"opened", "served"};
// The router may still have to receive the map that arms it.
constexpr milliseconds kTellAgain{2};

Error Odd() { return InvalidArgument("no switch notice of this version"); }

struct Received {
  SwitchNotice notice;
  sockaddr_in sender{};
};

// Nothing when there is none, or it is not one of ours.
std::optional<Received> ReceiveNotice(int fd, const std::string& token) {
  std::array<char, kLongestDatagram> buffer;
  Received received;
  socklen_t size = sizeof received.sender;
  const ssize_t got = recvfrom(fd, buffer.data(), buffer.size(), 0, Generic(received.sender), &size);
  if (got <= 0) return std::nullopt;
  const auto text = Unseal({buffer.data(), static_cast<std::size_t>(got)}, token);
  auto notice = text ? ParseSwitchNotice(*text) : Result<SwitchNotice>(InvalidArgument("not sealed by us"));
  if (!notice.ok()) {
    log::Debug("datagram from {}: {}", ToText(received.sender), notice.error().message);
    return std::nullopt;
  }
  received.notice = std::move(*notice);
  return received;
}

void Send(int fd, sockaddr_in to, const SwitchNotice& notice, const std::string& token) {
  const std::string datagram = Seal(Encode(notice), token);
  (void)sendto(fd, datagram.data(), datagram.size(), MSG_NOSIGNAL, Generic(to), sizeof to);
}

// Asks those that have not answered yet, at once and then again.
class Teller {
 public:
  Teller(int fd, const std::vector<std::string>& routers, const ArmedSwitch& opened, std::string token)
      : fd_(fd), waiting_(routers.begin(), routers.end()), opened_(opened), token_(std::move(token)) {}

  void Run(Instant deadline) {
    while (!waiting_.empty() && std::chrono::steady_clock::now() < deadline) {
      for (const std::string& router : waiting_) {
        if (auto to = ParseInetAddress(router); to.ok()) Send(fd_, *to, {SwitchWord::kOpened, opened_, router}, token_);
      }
      AwaitAnswers(std::min(deadline, std::chrono::steady_clock::now() + kTellAgain));
    }
    for (const std::string& router : waiting_) log::Warn("router at {} did not lead clients over at once", router);
  }

 private:
  void AwaitAnswers(Instant until) {
    while (!waiting_.empty()) {
      const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
      pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
      if (left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) <= 0) return;
      const auto answer = ReceiveNotice(fd_, token_);
      const bool served = answer && answer->notice.word == SwitchWord::kServed && answer->notice.what == opened_;
      if (served) waiting_.erase(answer->notice.router);
    }
  }

  const int fd_;
  std::set<std::string> waiting_;
  const ArmedSwitch opened_;
  const std::string token_;
};

}  // namespace

std::string Encode(const SwitchNotice& notice) {
  return fmt::format("{} {} {} {} {} {}", kProtocol, kVersion, kWords[static_cast<std::size_t>(notice.word)],
                     notice.what.epoch, ToText(notice.what.target), notice.router);
}

Result<SwitchNotice> ParseSwitchNotice(std::string_view text) {
  const auto words = Split(text, ' ');
  if (words.size() != 6 || words[0] != kProtocol || words[1] != kVersion) return Odd();
  const auto word = std::find(kWords.begin(), kWords.end(), words[2]);
  const auto epoch = ParseInt(words[3]);
  const std::size_t colon = words[4].rfind(':');
  const auto port = colon == std::string_view::npos ? std::nullopt : ParseInt(words[4].substr(colon + 1));
  if (word == kWords.end() || !epoch || *epoch < 1 || !port) return Odd();
  CP_ASSIGN_OR_RETURN(SocketAddress target, ParseSocketAddress(std::string(words[4].substr(0, colon)), *port));
  if (!ParseInetAddress(words[5]).ok()) return Odd();
  return SwitchNotice{.word = static_cast<SwitchWord>(word - kWords.begin()),
                      .what = {std::move(target), static_cast<std::uint64_t>(*epoch)},
                      .router = words[5]};
}

void TellRouters(const std::vector<std::string>& routers, const ArmedSwitch& opened,
                 const std::filesystem::path& token_file, milliseconds within) {
  const Instant deadline = std::chrono::steady_clock::now() + within;
  auto token = ReadToken(token_file);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  if (routers.empty() || !token) return;
  const auto fd = BindDatagrams(own);
  if (!fd.ok()) return log::Warn("routers cannot be told: {}", fd.error().message);
  Teller(*fd, routers, opened, std::move(*token)).Run(deadline);
  close(*fd);
}

Result<std::unique_ptr<SwitchListener>> SwitchListener::Open(std::filesystem::path token_file, Handler handler) {
  sockaddr_in own{};
  own.sin_family = AF_INET;
  CP_ASSIGN_OR_RETURN(const int fd, BindDatagrams(own));
  return std::unique_ptr<SwitchListener>(
      new SwitchListener(fd, ntohs(own.sin_port), std::move(token_file), std::move(handler)));
}

SwitchListener::SwitchListener(int fd, std::uint16_t port, std::filesystem::path token_file, Handler handler)
    : fd_(fd),
      port_(port),
      token_file_(std::move(token_file)),
      handler_(std::move(handler)),
      stop_(eventfd(0, EFD_CLOEXEC)) {
  CP_CHECK(stop_ >= 0);
  thread_ = std::thread([this] { Run(); });
}

SwitchListener::~SwitchListener() {
  eventfd_write(stop_, 1);
  thread_.join();
  close(stop_);
  close(fd_);
}

void SwitchListener::Run() {
  for (;;) {
    std::array<pollfd, 2> ready{
        {{.fd = fd_, .events = POLLIN, .revents = 0}, {.fd = stop_, .events = POLLIN, .revents = 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0) continue;
    if (ready[1].revents != 0) return;
    Receive();
  }
}

void SwitchListener::Receive() {
  const auto token = ReadToken(token_file_);
  const auto heard = ReceiveNotice(fd_, token.value_or(""));
  if (!token || !heard || heard->notice.word != SwitchWord::kOpened) return;
  SwitchNotice answer = heard->notice;
  answer.word = SwitchWord::kServed;
  if (handler_(answer.what)) Send(fd_, heard->sender, answer, *token);
}

}  // namespace cacheplane::network
