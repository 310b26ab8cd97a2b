// Result<T>: a value or an Error. Every function that can fail for a reason outside the program returns one;
// broken invariants stop the process instead (common/check.h).
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace cacheplane {

// The kinds of failure callers tell apart. controlplane/api maps them to gRPC codes; a gateway maps them to AWS codes.
enum class ErrorCode {
  kInvalidArgument,  // the request is wrong whatever the state
  kNotFound,
  kAlreadyExists,
  kFailedPrecondition,  // the state forbids it
  kAborted,             // lost against somebody else's change; read again and retry
  kResourceExhausted,
  kUnavailable,  // retry may help
  kDeadlineExceeded,
  kUnauthenticated,
  kUnimplemented,  // not built yet, and nothing was changed
  kInternal,
};

// "invalid-argument", "not-found", …
const char* ErrorCodeName(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;

  bool operator==(const Error&) const = default;
};

// Shorthands that read as what they mean.
Error InvalidArgument(std::string message);
Error NotFound(std::string message);
Error AlreadyExists(std::string message);
Error FailedPrecondition(std::string message);
Error Aborted(std::string message);
Error Unavailable(std::string message);
Error Unimplemented(std::string message);
Error Internal(std::string message);

// Puts "context: " before the message.
Error Annotate(Error error, const std::string& context);

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor): a value is a result
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  // Precondition of the first four: ok(); of error(): !ok().
  T& value() { return std::get<T>(state_); }
  const T& value() const { return std::get<T>(state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const Error& error() const { return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

using Status = Result<void>;

}  // namespace cacheplane

// Returns the error of `expression` from the enclosing function when it has one.
#define CP_RETURN_IF_ERROR(expression)                                            \
  do {                                                                            \
    if (auto cp_status = (expression); !cp_status.ok()) return cp_status.error(); \
  } while (false)

#define CP_CONCAT_INNER(a, b) a##b
#define CP_CONCAT(a, b) CP_CONCAT_INNER(a, b)

// CP_ASSIGN_OR_RETURN(auto value, Expression()): declares `value`, or returns the error.
#define CP_ASSIGN_OR_RETURN(declaration, expression) \
  CP_ASSIGN_OR_RETURN_INNER(CP_CONCAT(cp_result_, __LINE__), declaration, expression)
#define CP_ASSIGN_OR_RETURN_INNER(result, declaration, expression) \
  auto result = (expression);                                      \
  if (!result.ok()) return result.error();                         \
  declaration = std::move(result.value())
