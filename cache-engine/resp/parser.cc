#include "cache-engine/resp/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/text.h"

namespace cacheplane::resp {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

Error NotResp(const std::string& why) { return Internal("the answer is not RESP: " + why); }

Value Text(Value::Kind kind, std::string_view text) { return {.kind = kind, .text = std::string(text)}; }

Result<std::int64_t> Integer(std::string_view text) {
  const auto number = ParseInt(text);
  if (!number) return NotResp(fmt::format("'{}' is no integer", EscapeControl(text.substr(0, 40))));
  return *number;
}

Result<Value> IntegerValue(std::string_view text) {
  CP_ASSIGN_OR_RETURN(const std::int64_t integer, Integer(text));
  return Value{.kind = Value::Kind::kInteger, .integer = integer};
}

Result<Value> BooleanValue(std::string_view text) {
  if (text != "t" && text != "f") return NotResp("a boolean is neither t nor f");
  return Value{.kind = Value::Kind::kBoolean, .integer = text == "t" ? 1 : 0};
}

// Values that one line holds; nullopt for a type that goes on after its line.
std::optional<Result<Value>> LineValue(char type, std::string_view rest) {
  switch (type) {
    case '+': return Text(Value::Kind::kSimple, rest);
    case '-': return Text(Value::Kind::kError, rest);
    case ',': return Text(Value::Kind::kDouble, rest);
    case '(': return Text(Value::Kind::kBulk, rest);
    case ':': return IntegerValue(rest);
    case '#': return BooleanValue(rest);
    case '_': return Value{};
    default: return std::nullopt;
  }
}

std::optional<Value::Kind> AggregateKind(char type) {
  switch (type) {
    case '*': return Value::Kind::kArray;
    case '~': return Value::Kind::kSet;
    case '>': return Value::Kind::kPush;
    case '%':
    case '|': return Value::Kind::kMap;
    default: return std::nullopt;
  }
}

// "txt:words" is the words; an error in bulk form is an error.
Value BulkValue(char type, std::string_view bytes) {
  if (type == '!') return Text(Value::Kind::kError, bytes);
  if (type == '=' && bytes.size() >= 4 && bytes[3] == ':') bytes.remove_prefix(4);
  return Text(Value::Kind::kBulk, bytes);
}

}  // namespace

void Parser::Feed(std::string_view bytes) {
  // Cheap on average: what is moved down is never more than what was taken since.
  if (consumed_ > buffer_.size() / 2) {
    buffer_.erase(0, consumed_);
    scanned_ -= std::min(scanned_, consumed_);
    consumed_ = 0;
  }
  buffer_.append(bytes);
}

Result<std::optional<Value>> Parser::Next() {
  if (failure_) return *failure_;
  auto value = Advance();
  if (!value.ok()) failure_ = value.error();
  return value;
}

Result<std::optional<Value>> Parser::Advance() {
  for (;;) {
    if (open_.empty() && !bulk_) {
      bytes_left_ = limits_.total_bytes;
      items_left_ = limits_.items;
    }
    CP_ASSIGN_OR_RETURN(auto token, NextToken());
    if (!token) return std::optional<Value>();
    if (auto* bulk = std::get_if<Bulk>(&*token)) {
      bulk_ = *bulk;
    } else if (auto* aggregate = std::get_if<Aggregate>(&*token)) {
      open_.push_back(std::move(*aggregate));
    } else if (auto whole = Place(std::move(std::get<Value>(*token)))) {
      return whole;
    }
  }
}

Result<std::optional<Parser::Token>> Parser::NextToken() {
  if (bulk_) return TakeBulk();
  CP_ASSIGN_OR_RETURN(const auto line, TakeLine());
  if (!line) return std::optional<Token>();
  if (line->empty()) return NotResp("an empty line");
  const char type = line->front();
  const std::string_view rest = line->substr(1);
  if (auto value = LineValue(type, rest)) {
    if (!value->ok()) return value->error();
    return std::optional<Token>(std::move(value->value()));
  }
  auto head = AggregateKind(type) ? AggregateHead(type, rest) : BulkHead(type, rest);
  if (!head.ok()) return head.error();
  return std::optional<Token>(std::move(head.value()));
}

Result<std::optional<std::string_view>> Parser::TakeLine() {
  const std::size_t end = buffer_.find(kLineEnd, std::max(scanned_, consumed_));
  const std::size_t size = (end == std::string::npos ? buffer_.size() : end) - consumed_;
  if (size > limits_.line_bytes) return NotResp("a line is too long");
  if (end == std::string::npos) {
    scanned_ = buffer_.empty() ? 0 : buffer_.size() - 1;  // the last byte may be half of a line end
    return std::optional<std::string_view>();
  }
  CP_RETURN_IF_ERROR(Spend(size));
  const std::string_view line(buffer_.data() + consumed_, size);
  consumed_ = end + kLineEnd.size();
  return std::optional(line);
}

Result<std::optional<Parser::Token>> Parser::TakeBulk() {
  const std::string_view bytes = std::string_view(buffer_).substr(consumed_);
  if (bytes.size() < bulk_->size + kLineEnd.size()) return std::optional<Token>();
  if (bytes.substr(bulk_->size, kLineEnd.size()) != kLineEnd) return NotResp("a string does not end where it should");
  std::optional<Token> token(BulkValue(bulk_->type, bytes.substr(0, bulk_->size)));
  consumed_ += bulk_->size + kLineEnd.size();
  bulk_.reset();
  return token;
}

Result<Parser::Token> Parser::BulkHead(char type, std::string_view size) {
  if (type != '$' && type != '=' && type != '!') return NotResp("unknown type " + EscapeControl({&type, 1}));
  CP_ASSIGN_OR_RETURN(const std::int64_t bytes, Integer(size));
  if (bytes == -1 && type == '$') return Token(Value{});
  if (bytes < 0) return NotResp("a negative length");
  CP_RETURN_IF_ERROR(Spend(static_cast<std::size_t>(bytes)));
  return Token(Bulk{type, static_cast<std::size_t>(bytes)});
}

Result<Parser::Token> Parser::AggregateHead(char type, std::string_view count) {
  CP_ASSIGN_OR_RETURN(const std::int64_t announced, Integer(count));
  if (announced == -1 && type == '*') return Token(Value{});
  if (announced < 0) return NotResp("a negative length");
  const std::size_t each = type == '%' || type == '|' ? 2 : 1;
  const auto entries = static_cast<std::size_t>(announced);
  if (entries > items_left_ / each) return NotResp("too many items");
  if (open_.size() >= limits_.depth) return NotResp("nested too deeply");
  items_left_ -= entries * each;
  Value value{.kind = *AggregateKind(type)};
  if (entries == 0 && type == '|') return NotResp("an empty attribute");
  if (entries == 0) return Token(std::move(value));
  return Token(Aggregate{std::move(value), entries * each, type == '|'});
}

Status Parser::Spend(std::size_t bytes) {
  if (bytes > bytes_left_) return NotResp("it is too long");
  bytes_left_ -= bytes;
  return {};
}

// Puts a value where it belongs; returns the outermost one once it is whole.
std::optional<Value> Parser::Place(Value value) {
  while (!open_.empty()) {
    Aggregate& parent = open_.back();
    parent.value.items.push_back(std::move(value));
    if (--parent.missing > 0) return std::nullopt;
    value = std::move(parent.value);
    const bool attribute = parent.attribute;
    open_.pop_back();
    if (attribute) return std::nullopt;  // describes the value that follows it, which takes its place
  }
  return value;
}

std::string EncodeCommand(const std::vector<std::string>& command) {
  std::string bytes = fmt::format("*{}\r\n", command.size());
  for (const std::string& word : command) bytes += fmt::format("${}\r\n{}\r\n", word.size(), word);
  return bytes;
}

}  // namespace cacheplane::resp
