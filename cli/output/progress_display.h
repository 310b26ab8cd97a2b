// Shows the course of an operation: on a terminal one block that is redrawn, elsewhere a timestamped line per change.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "cli/output/progress.h"
#include "common/clock.h"

namespace cacheplane::cli {

class ProgressDisplay {
 public:
  // `live` asks for the redrawn block. `out` and `clock` must outlive the display.
  ProgressDisplay(std::ostream& out, const Clock& clock, bool live, ProgressStyle style);
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void Show(const v1::Operation& operation);
  // A remark between, such as that the control plane does not answer; the same one twice in a row is shown once.
  void Remark(const std::string& text);

 private:
  void Redraw(const v1::Operation& operation);
  void Print(const std::string& line);

  std::ostream& out_;
  const Clock& clock_;
  const bool live_;
  const ProgressStyle style_;
  const MonoTime start_;
  std::unique_ptr<v1::Operation> shown_;  // null before the first
  std::size_t lines_drawn_ = 0;
  std::string last_remark_;
};

}  // namespace cacheplane::cli
