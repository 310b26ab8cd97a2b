// What goes into a statement and what comes out of its rows. Numbers are 64 bits wide, truth is 0 or 1, times are
// milliseconds since 1970, and a time that is absent is NULL; everything else is text.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/clock.h"
#include "controlplane/model/ids.h"

namespace cacheplane::store::sql {

// A parameter. Implicit on purpose: a list of fields is a list of parameters.
class Value {
 public:
  using Variant = std::variant<std::monostate, std::int64_t, std::string>;

  template <std::integral T>
  Value(T number) : value_(static_cast<std::int64_t>(number)) {}  // NOLINT(google-explicit-constructor)
  Value(std::string text) : value_(std::move(text)) {}            // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : value_(std::string(text)) {}     // NOLINT(google-explicit-constructor)
  Value(const char* text) : value_(std::string(text)) {}          // NOLINT(google-explicit-constructor)
  template <typename Tag>
  Value(const model::Id<Tag>& id) : value_(id.str()) {}  // NOLINT(google-explicit-constructor)
  template <typename Tag>
  Value(model::Number<Tag> number) : Value(number.value) {}  // NOLINT(google-explicit-constructor)
  Value(WallTime time) : value_(ToUnixMillis(time)) {}       // NOLINT(google-explicit-constructor)
  Value(const std::optional<WallTime>& time) {               // NOLINT(google-explicit-constructor)
    if (time) value_ = ToUnixMillis(*time);
  }

  const Variant& get() const { return value_; }

 private:
  Variant value_;
};

using Values = std::vector<Value>;

// The row a query stands on, read from left to right. Valid only inside the function that was given it.
class Row {
 public:
  virtual ~Row() = default;

  // The next columns, in order.
  template <typename... T>
  void Into(T&... fields) {
    (Read(fields), ...);
  }

 protected:
  virtual std::int64_t Integer(int column) = 0;
  virtual std::string Text(int column) = 0;
  virtual bool IsNull(int column) = 0;

 private:
  template <std::integral T>
  void Read(T& field) {
    field = static_cast<T>(Integer(next_++));
  }
  template <typename Tag>
  void Read(model::Id<Tag>& field) {
    field = model::Id<Tag>(Text(next_++));
  }
  template <typename Tag>
  void Read(model::Number<Tag>& field) {
    Read(field.value);
  }
  void Read(std::string& field) { field = Text(next_++); }
  void Read(WallTime& field) { field = FromUnixMillis(Integer(next_++)); }
  void Read(std::optional<WallTime>& field) {
    const int column = next_++;
    field = IsNull(column) ? std::nullopt : std::optional(FromUnixMillis(Integer(column)));
  }

  int next_ = 0;
};

}  // namespace cacheplane::store::sql
