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
    CP_ASSIGN_OR_RETURN(auto answers, CallAll({command}, timeout));
    return std::move(answers.front());
  }

  Result<std::vector<Value>> CallAll(const std::vector<std::vector<std::string>>& commands,
                                     std::chrono::milliseconds timeout) override {
    if (broken_) return Unavailable("the connection broke earlier: " + broken_->message);
    auto answers = Exchange(commands, std::chrono::steady_clock::now() + timeout);
    if (!answers.ok()) broken_ = answers.error();
    return answers;
  }

 private:
  Result<std::vector<Value>> Exchange(const std::vector<std::vector<std::string>>& commands,
                                      Socket::Deadline deadline) {
    // Whatever came unasked would be taken for this command's answer, and every later answer would be one off.
    CP_ASSIGN_OR_RETURN(const auto unasked, NextAnswer());
    if (unasked || !parser_.Idle()) return Internal("the engine sent an answer that nobody asked for");
    std::string request;
    for (const auto& command : commands) request += EncodeCommand(command);
    CP_RETURN_IF_ERROR(socket_.Write(request, deadline));
    std::vector<Value> answers;
    while (answers.size() < commands.size()) {
      CP_ASSIGN_OR_RETURN(auto answer, NextAnswer());
      if (answer) {
        answers.push_back(std::move(*answer));
        continue;
      }
      CP_ASSIGN_OR_RETURN(const auto bytes, socket_.Read(deadline));
      parser_.Feed(bytes);
    }
    return answers;
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

Result<std::unique_ptr<Client>> Client::Connect(const std::string& address, int port, std::chrono::milliseconds timeout,
                                                std::uint32_t mark) {
  auto socket = Socket::Connect(address, port, std::chrono::steady_clock::now() + timeout, mark);
  if (!socket.ok()) return Annotate(socket.error(), fmt::format("{} port {}", address, port));
  return std::unique_ptr<Client>(std::make_unique<SocketClient>(std::move(socket.value())));
}

}  // namespace cacheplane::resp
