#include "cache-engine/resp/client.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "cache-engine/resp/parser.h"
#include "cache-engine/resp/socket.h"

namespace cacheplane::resp {
namespace {

class SocketClient final : public Client {
 public:
  explicit SocketClient(Socket socket) : socket_(std::move(socket)) {}

  Result<Value> Call(const std::vector<std::string>& command, std::chrono::milliseconds timeout) override {
    if (broken_) return Unavailable("the connection broke earlier: " + broken_->message);
    auto answer = Exchange(command, std::chrono::steady_clock::now() + timeout);
    if (!answer.ok()) broken_ = answer.error();
    return answer;
  }

 private:
  Result<Value> Exchange(const std::vector<std::string>& command, Socket::Deadline deadline) {
    // Whatever came unasked would be taken for this command's answer, and every later answer would be one off.
    CP_ASSIGN_OR_RETURN(const auto unasked, NextAnswer());
    if (unasked || !parser_.Idle()) return Internal("the engine sent an answer that nobody asked for");
    CP_RETURN_IF_ERROR(socket_.Write(EncodeCommand(command), deadline));
    for (;;) {
      CP_ASSIGN_OR_RETURN(auto answer, NextAnswer());
      if (answer) return std::move(*answer);
      CP_ASSIGN_OR_RETURN(const auto bytes, socket_.Read(deadline));
      parser_.Feed(bytes);
    }
  }

  // Pushes (RESP3) come between answers and answer nothing.
  Result<std::optional<Value>> NextAnswer() {
    for (;;) {
      CP_ASSIGN_OR_RETURN(auto value, parser_.Next());
      if (!value || value->kind != Value::Kind::kPush) return value;
    }
  }

  Socket socket_;
  Parser parser_;
  std::optional<Error> broken_;
};

}  // namespace

Result<std::unique_ptr<Client>> Client::Connect(const std::string& address, int port,
                                                std::chrono::milliseconds timeout) {
  auto socket = Socket::Connect(address, port, std::chrono::steady_clock::now() + timeout);
  if (!socket.ok()) return Annotate(socket.error(), fmt::format("{} port {}", address, port));
  return std::unique_ptr<Client>(std::make_unique<SocketClient>(std::move(socket.value())));
}

}  // namespace cacheplane::resp
