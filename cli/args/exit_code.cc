#include "cli/args/exit_code.h"

namespace cacheplane::cli {

const std::vector<ExitCodeRow>& ExitCodeTable() {
  static const std::vector<ExitCodeRow> rows = {
      {ExitCode::kOk, "ok"},
      {ExitCode::kOperationFailed, "the operation failed, or the server had an internal error"},
      {ExitCode::kNotFound, "not found"},
      {ExitCode::kConflict, "conflict or invalid state (already exists, failed precondition, aborted)"},
      {ExitCode::kTimeout, "timeout; an operation that was waited for goes on"},
      {ExitCode::kUnreachable, "control plane unreachable"},
      {ExitCode::kInvalidArgument, "invalid argument, refused by the server"},
      {ExitCode::kNotBuiltYet, "not built yet; nothing was changed"},
      {ExitCode::kInterrupted, "interrupted; an operation that was waited for goes on"},
      {ExitCode::kUsage, "usage: the command line or a file it names cannot be understood"},
  };
  return rows;
}

ExitCode ExitCodeFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return ExitCode::kInvalidArgument;
    case ErrorCode::kNotFound: return ExitCode::kNotFound;
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kAborted: return ExitCode::kConflict;
    case ErrorCode::kDeadlineExceeded: return ExitCode::kTimeout;
    case ErrorCode::kUnavailable: return ExitCode::kUnreachable;
    case ErrorCode::kUnimplemented: return ExitCode::kNotBuiltYet;
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kInternal: return ExitCode::kOperationFailed;
  }
  return ExitCode::kOperationFailed;
}

}  // namespace cacheplane::cli
