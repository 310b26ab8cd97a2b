#include "cache-engine/resp/client.h"

#include <gtest/gtest.h>

#include "tests/unit/resp/scripted_engine.h"

namespace cacheplane::resp {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong{5000};
constexpr milliseconds kShort{50};

std::unique_ptr<Client> ConnectTo(const ScriptedEngine& engine) {
  auto client = Client::Connect(engine.address(), engine.port(), kLong);
  EXPECT_TRUE(client.ok());
  return client.ok() ? std::move(client.value()) : nullptr;
}

TEST(Client, ReturnsTheAnswer) {
  const ScriptedEngine engine({"+PONG\r\n", "-ERR unknown command\r\n", "*1\r\n$1\r\na\r\n"});
  const auto client = ConnectTo(engine);
  EXPECT_EQ(client->Call({"PING"}, kLong)->text, "PONG");
  EXPECT_TRUE(client->Call({"NOPE"}, kLong)->IsError());
  EXPECT_EQ(client->Call({"KEYS", "*"}, kLong)->items.at(0).text, "a");
}

TEST(Client, PassesOverPushes) {
  const ScriptedEngine engine({">2\r\n+invalidate\r\n_\r\n+OK\r\n>1\r\n+late\r\n", "+OK again\r\n"});
  const auto client = ConnectTo(engine);
  EXPECT_EQ(client->Call({"SET", "k", "v"}, kLong)->text, "OK");
  EXPECT_EQ(client->Call({"SET", "k", "v"}, kLong)->text, "OK again");
}

TEST(Client, ReadsAnAnswerToEachOfSeveralCommands) {
  const ScriptedEngine engine({"+OK\r\n+QUEUED\r\n*1\r\n:7\r\n", "+PONG\r\n"});
  const auto client = ConnectTo(engine);
  const auto answers = client->CallAll({{"MULTI"}, {"INCR", "k"}, {"EXEC"}}, kLong);
  ASSERT_TRUE(answers.ok());
  ASSERT_EQ(answers->size(), 3u);
  EXPECT_EQ(answers->at(1).text, "QUEUED");
  EXPECT_EQ(answers->at(2).items.at(0).integer, 7);
  EXPECT_EQ(client->Call({"PING"}, kLong)->text, "PONG");
}

TEST(Client, IsUnusableWhenOneOfSeveralAnswersIsMissing) {
  const ScriptedEngine engine({"+OK\r\n"});
  const auto client = ConnectTo(engine);
  EXPECT_FALSE(client->CallAll({{"MULTI"}, {"EXEC"}}, kShort).ok());
  EXPECT_EQ(client->Call({"PING"}, kShort).error().code, ErrorCode::kUnavailable);
}

TEST(Client, GivesUpAtTheDeadlineAndStaysUnusable) {
  const ScriptedEngine engine({""});
  const auto client = ConnectTo(engine);
  EXPECT_EQ(client->Call({"PING"}, kShort).error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(client->Call({"PING"}, kShort).error().code, ErrorCode::kUnavailable);
}

TEST(Client, SaysThatTheConnectionIsLost) {
  const ScriptedEngine engine({"+half"});
  EXPECT_EQ(ConnectTo(engine)->Call({"PING"}, kLong).error().code, ErrorCode::kUnavailable);
}

TEST(Client, RefusesAnAnswerThatIsNotResp) {
  const ScriptedEngine engine({"HTTP/1.1 400 Bad Request\r\n", "+OK\r\n"});
  const auto client = ConnectTo(engine);
  EXPECT_EQ(client->Call({"PING"}, kLong).error().code, ErrorCode::kInternal);
  EXPECT_EQ(client->Call({"PING"}, kLong).error().code, ErrorCode::kUnavailable);
}

TEST(Client, RefusesAnAnswerTooMany) {
  const ScriptedEngine engine({"+OK\r\n+OK\r\n", "+OK\r\n"});
  const auto client = ConnectTo(engine);
  EXPECT_TRUE(client->Call({"PING"}, kLong).ok());
  EXPECT_EQ(client->Call({"PING"}, kLong).error().code, ErrorCode::kInternal);
}

TEST(Client, SaysWhyItCannotConnect) {
  EXPECT_EQ(Client::Connect("127.22.200.1", 1, kLong).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Client::Connect("localhost", 6379, kLong).error().code, ErrorCode::kUnavailable);
  EXPECT_NE(Client::Connect("127.22.200.1", 1, kLong).error().message.find("refused"), std::string::npos);
}

TEST(Client, SendsLargeCommands) {
  // More than socket buffers hold: the peer stops reading, so only the deadline ends it.
  const ScriptedEngine engine({""});
  const auto client = ConnectTo(engine);
  const auto answer = client->Call({"SET", "k", std::string(64 * 1024 * 1024, 'x')}, milliseconds(300));
  EXPECT_EQ(answer.error().code, ErrorCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace cacheplane::resp
