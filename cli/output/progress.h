// The course of an operation as lines of text. Pure; output/progress_display.h puts them on the terminal.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace cacheplane::v1 {
class Operation;
}

namespace cacheplane::cli {

struct ProgressStyle {
  bool colour = false;
  std::size_t width = 80;  // columns; longer lines are cut, for a wrapped line cannot be redrawn
};

// The whole operation: a headline, a line a step, and why it waits. For a terminal, redrawn at every change.
std::vector<std::string> ProgressBlock(const v1::Operation& operation, std::chrono::milliseconds elapsed,
                                       const ProgressStyle& style);

// One line for everything that differs from `before` (null: from nothing). For logs.
std::vector<std::string> ProgressChanges(const v1::Operation* before, const v1::Operation& now);

}  // namespace cacheplane::cli
