#include "cli/output/errors.h"

#include <fmt/format.h>

#include "common/text.h"

namespace cacheplane::cli {

std::string ErrorWord(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "InvalidArgument";
    case ErrorCode::kNotFound: return "NotFound";
    case ErrorCode::kAlreadyExists: return "AlreadyExists";
    case ErrorCode::kFailedPrecondition: return "FailedPrecondition";
    case ErrorCode::kAborted: return "Aborted";
    case ErrorCode::kResourceExhausted: return "ResourceExhausted";
    case ErrorCode::kUnavailable: return "Unavailable";
    case ErrorCode::kDeadlineExceeded: return "Timeout";
    case ErrorCode::kUnauthenticated: return "Unauthenticated";
    case ErrorCode::kUnimplemented: return "Unimplemented";
    case ErrorCode::kInternal: return "Internal";
  }
  return "Internal";
}

std::string ErrorText(const std::string& word, const std::string& message, const std::string& hint) {
  std::string text = fmt::format("error: {}: {}\n", word, EscapeControl(message));
  if (!hint.empty()) text += fmt::format("hint: {}\n", EscapeControl(hint));
  return text;
}

std::string HintFor(const Error& error, const std::string& endpoint) {
  switch (error.code) {
    case ErrorCode::kUnavailable:
      return fmt::format("is cacheplaned running at {}? another address: --endpoint or CACHEPLANE_ENDPOINT", endpoint);
    case ErrorCode::kAborted: return "somebody else changed it meanwhile: look at it again, then retry";
    case ErrorCode::kUnimplemented: return "nothing was changed";
    case ErrorCode::kDeadlineExceeded: return "the control plane did not answer in time; whether it acted is not known";
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kInternal: return "";
  }
  return "";
}

}  // namespace cacheplane::cli
