#include "cache-engine/resp/parser.h"

#include <gtest/gtest.h>

#include <random>

namespace cacheplane::resp {
namespace {

using Kind = Value::Kind;

Value Simple(std::string text) { return {.kind = Kind::kSimple, .text = std::move(text)}; }
Value Bulk(std::string text) { return {.kind = Kind::kBulk, .text = std::move(text)}; }
Value Failure(std::string text) { return {.kind = Kind::kError, .text = std::move(text)}; }
Value Number(std::int64_t integer) { return {.kind = Kind::kInteger, .integer = integer}; }
Value Aggregate(Kind kind, std::vector<Value> items) { return {.kind = kind, .items = std::move(items)}; }

// Whole values in `bytes`, fed `step` bytes at a time; the first error ends it.
Result<std::vector<Value>> ParseAll(const std::string& bytes, std::size_t step, ParserLimits limits = {}) {
  Parser parser(limits);
  std::vector<Value> values;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    parser.Feed(std::string_view(bytes).substr(at, step));
    for (;;) {
      CP_ASSIGN_OR_RETURN(auto value, parser.Next());
      if (!value) break;
      values.push_back(std::move(*value));
    }
  }
  if (!parser.Idle()) return Unavailable("half a value");
  return values;
}

struct Sample {
  std::string bytes;
  Value value;
};

const std::vector<Sample>& Samples() {
  static const std::vector<Sample> samples = {
      {"+OK\r\n", Simple("OK")},
      {"+\r\n", Simple("")},
      {"-ERR no such key\r\n", Failure("ERR no such key")},
      {":42\r\n", Number(42)},
      {":-9223372036854775808\r\n", Number(INT64_MIN)},
      {"$5\r\nhello\r\n", Bulk("hello")},
      {"$0\r\n\r\n", Bulk("")},
      {"$4\r\na\r\nb\r\n", Bulk("a\r\nb")},
      {std::string("$3\r\n\0\xff\n\r\n", 9), Bulk(std::string("\0\xff\n", 3))},
      {"$-1\r\n", Value{}},
      {"*-1\r\n", Value{}},
      {"_\r\n", Value{}},
      {"*0\r\n", Aggregate(Kind::kArray, {})},
      {"*2\r\n+a\r\n*1\r\n:1\r\n", Aggregate(Kind::kArray, {Simple("a"), Aggregate(Kind::kArray, {Number(1)})})},
      {"%1\r\n+k\r\n_\r\n", Aggregate(Kind::kMap, {Simple("k"), Value{}})},
      {"~1\r\n:7\r\n", Aggregate(Kind::kSet, {Number(7)})},
      {">1\r\n+x\r\n", Aggregate(Kind::kPush, {Simple("x")})},
      {"#t\r\n", {.kind = Kind::kBoolean, .integer = 1}},
      {",-1.5e3\r\n", {.kind = Kind::kDouble, .text = "-1.5e3"}},
      {"(123456789012345678901234567890\r\n", Bulk("123456789012345678901234567890")},
      {"=8\r\ntxt:role\r\n", Bulk("role")},
      {"!9\r\nERR wrong\r\n", Failure("ERR wrong")},
      {"*1\r\n|1\r\n+ttl\r\n:5\r\n+a\r\n", Aggregate(Kind::kArray, {Simple("a")})},
  };
  return samples;
}

TEST(Parser, ReadsEveryTypeHoweverItIsCutUp) {
  for (const Sample& sample : Samples()) {
    for (std::size_t step = 1; step <= sample.bytes.size(); ++step) {
      const auto values = ParseAll(sample.bytes, step);
      ASSERT_TRUE(values.ok()) << sample.bytes << ": " << values.error().message;
      EXPECT_EQ(*values, std::vector<Value>{sample.value}) << sample.bytes << " by " << step;
    }
  }
}

TEST(Parser, ReadsOneValueAfterAnother) {
  std::string bytes;
  std::vector<Value> expected;
  for (const Sample& sample : Samples()) {
    bytes += sample.bytes;
    expected.push_back(sample.value);
  }
  for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{17}, bytes.size()}) {
    const auto values = ParseAll(bytes, step);
    ASSERT_TRUE(values.ok()) << values.error().message;
    EXPECT_EQ(*values, expected);
  }
}

TEST(Parser, AsksForMoreWhileAValueIsCutOff) {
  for (const Sample& sample : Samples()) {
    for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
      Parser parser;
      parser.Feed(std::string_view(sample.bytes).substr(0, size));
      const auto value = parser.Next();
      ASSERT_TRUE(value.ok()) << sample.bytes;
      EXPECT_FALSE(value->has_value()) << sample.bytes << " cut at " << size;
    }
  }
}

TEST(Parser, RefusesWhatIsNotRespAndStaysRefusing) {
  for (const std::string bytes :
       {"\r\n", "HTTP/1.1 200 OK\r\n", ":\r\n", ":1x\r\n", ":99999999999999999999\r\n", "$x\r\n", "$-2\r\n", "*-2\r\n",
        "$1\r\nab\r\n", "$?\r\n", "*?\r\n", "#x\r\n", "%-1\r\n", "=-1\r\n", "|0\r\n", "$ 1\r\n"}) {
    Parser parser;
    parser.Feed(bytes);
    EXPECT_EQ(parser.Next().error().code, ErrorCode::kInternal) << bytes;
    parser.Feed("+OK\r\n");
    EXPECT_FALSE(parser.Next().ok()) << bytes;
  }
}

TEST(Parser, HasLimitsAndReservesNothing) {
  const ParserLimits limits{.line_bytes = 32, .total_bytes = 100, .items = 10, .depth = 3};
  for (const std::string& bytes :
       {std::string(40, '+'), "+" + std::string(40, 'a') + "\r\n", std::string("$101\r\n"),
        std::string("$9223372036854775807\r\n"), std::string("*11\r\n"), std::string("*9223372036854775807\r\n"),
        std::string("%9223372036854775807\r\n"), std::string("*1\r\n*1\r\n*1\r\n*1\r\n"),
        std::string("*3\r\n*4\r\n+\r\n+\r\n+\r\n+\r\n*4\r\n"),
        "*2\r\n$60\r\n" + std::string(60, 'a') + "\r\n$60\r\n"}) {
    EXPECT_EQ(ParseAll(bytes, 7, limits).error().code, ErrorCode::kInternal) << bytes;
  }
  // The limits are of one value: many within them are no problem.
  std::string many;
  for (int i = 0; i < 50; ++i) many += "*2\r\n+a\r\n+b\r\n";
  EXPECT_TRUE(ParseAll(many, 7, limits).ok());
}

// Changed bytes of good answers: any result will do, so long as there is one.
TEST(Parser, SurvivesDamagedAnswers) {
  std::mt19937 random(20260101);
  std::string whole;
  for (const Sample& sample : Samples()) whole += sample.bytes;
  const std::string alphabet = "+-:$*_#,(=!%~|>0123456789\r\nat";
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = whole.substr(random() % whole.size());
    for (unsigned change = 0; change <= random() % 4; ++change) {
      damaged[random() % damaged.size()] = alphabet[random() % alphabet.size()];
    }
    const auto values = ParseAll(damaged, 1 + random() % 16);
    if (!values.ok()) {
      EXPECT_FALSE(values.error().message.empty());
    }
  }
}

TEST(EncodeCommand, IsAnArrayOfBulkStrings) {
  EXPECT_EQ(EncodeCommand({"SET", "k", std::string("\0\r\n", 3)}),
            std::string("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\n\0\r\n\r\n", 29));
  EXPECT_EQ(EncodeCommand({""}), "*1\r\n$0\r\n\r\n");
}

}  // namespace
}  // namespace cacheplane::resp
