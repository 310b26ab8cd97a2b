// What an engine answers, in RESP2 and RESP3.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cacheplane::resp {

// One answer. A verbatim string and a big number are kBulk, a blob error is kError; RESP3 attributes are dropped.
struct Value {
  enum class Kind { kNull, kSimple, kError, kInteger, kBulk, kArray, kMap, kSet, kPush, kDouble, kBoolean };
  Kind kind = Kind::kNull;
  std::string text{};          // simple, error, bulk, and the text of a double
  std::int64_t integer = 0;    // integer, boolean
  std::vector<Value> items{};  // array, set, push; a map's keys and values in turn

  bool IsError() const { return kind == Kind::kError; }

  bool operator==(const Value&) const = default;
};

}  // namespace cacheplane::resp
