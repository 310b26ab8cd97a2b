// Errors as the two lines a user sees. Pure.
#pragma once

#include <string>

#include "common/result.h"

namespace cacheplane::cli {

// "NotFound", "FailedPrecondition", …
std::string ErrorWord(ErrorCode code);

// "error: <word>: <message>\n" and, when there is a hint, "hint: <hint>\n". Control characters are escaped.
std::string ErrorText(const std::string& word, const std::string& message, const std::string& hint);

// What to do about an error of the server at `endpoint`; empty when the message says it all.
std::string HintFor(const Error& error, const std::string& endpoint);

}  // namespace cacheplane::cli
