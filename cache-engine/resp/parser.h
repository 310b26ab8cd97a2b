// Turns bytes of an engine into values, however they are cut up. Knows nothing of sockets; the peer is not trusted:
// nothing is reserved on the strength of an announced length, and every size has a limit.
// Grammar: https://redis.io/docs/latest/develop/reference/protocol-spec/ (its streamed types
// are refused: no engine sends them).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cache-engine/resp/value.h"
#include "common/result.h"

namespace cacheplane::resp {

// Of one whole answer; more is kInternal.
struct ParserLimits {
  std::size_t line_bytes = 64 * 1024;          // simple strings, errors, numbers, lengths
  std::size_t total_bytes = 64 * 1024 * 1024;  // of all its strings together
  std::size_t items = 1024 * 1024;             // of all its aggregates together
  std::size_t depth = 16;
};

class Parser {
 public:
  explicit Parser(ParserLimits limits = {}) : limits_(limits) {}

  void Feed(std::string_view bytes);

  // The next whole value; nullopt when more bytes are needed; kInternal, from then on always, when it is not RESP.
  Result<std::optional<Value>> Next();

  // True when nothing is left over and no value is half read.
  bool Idle() const { return consumed_ == buffer_.size() && open_.empty() && !bulk_; }

 private:
  struct Bulk {  // its length was read, its bytes are still coming
    char type = '$';
    std::size_t size = 0;
  };
  struct Aggregate {  // its length was read, `missing` items are still coming
    Value value;
    std::size_t missing = 0;
    bool attribute = false;
  };
  // What one step reads: a value without items, or the head of something that goes on.
  using Token = std::variant<Value, Bulk, Aggregate>;

  Result<std::optional<Value>> Advance();
  Result<std::optional<Token>> NextToken();
  Result<std::optional<std::string_view>> TakeLine();
  Result<std::optional<Token>> TakeBulk();
  Result<Token> BulkHead(char type, std::string_view size);
  Result<Token> AggregateHead(char type, std::string_view count);
  Status Spend(std::size_t bytes);
  std::optional<Value> Place(Value value);

  ParserLimits limits_;
  std::string buffer_;
  std::size_t consumed_ = 0;
  std::size_t scanned_ = 0;  // no line ends before this
  std::optional<Bulk> bulk_;
  std::vector<Aggregate> open_;  // innermost last
  std::size_t bytes_left_ = 0;
  std::size_t items_left_ = 0;
  std::optional<Error> failure_;
};

// A command as engines read it: an array of bulk strings.
std::string EncodeCommand(const std::vector<std::string>& command);

}  // namespace cacheplane::resp
