#include "cli/output/progress_display.h"

#include <fmt/format.h>

#include <ostream>

#include "cacheplane/v1/operation.pb.h"
#include "cli/output/format.h"

namespace cacheplane::cli {

ProgressDisplay::ProgressDisplay(std::ostream& out, const Clock& clock, bool live, ProgressStyle style)
    : out_(out), clock_(clock), live_(live), style_(style), start_(clock.Mono()) {}

ProgressDisplay::~ProgressDisplay() = default;

void ProgressDisplay::Show(const v1::Operation& operation) {
  if (live_) {
    Redraw(operation);
  } else {
    for (const std::string& line : ProgressChanges(shown_.get(), operation)) Print(line);
  }
  shown_ = std::make_unique<v1::Operation>(operation);
  last_remark_.clear();
  out_.flush();
}

void ProgressDisplay::Remark(const std::string& text) {
  if (text == last_remark_) return;
  last_remark_ = text;
  if (live_) {
    out_ << text << '\n';
    // The block is drawn anew below the remark.
    lines_drawn_ = 0;
  } else {
    Print(text);
  }
  out_.flush();
}

void ProgressDisplay::Redraw(const v1::Operation& operation) {
  // Up to the block's first line, then everything below goes.
  if (lines_drawn_ > 0) out_ << fmt::format("\x1b[{}A\r\x1b[J", lines_drawn_);
  const std::vector<std::string> lines = ProgressBlock(operation, clock_.Mono() - start_, style_);
  for (const std::string& line : lines) out_ << line << '\n';
  lines_drawn_ = lines.size();
}

void ProgressDisplay::Print(const std::string& line) { out_ << FormatTimeMillis(clock_.Now()) << ' ' << line << '\n'; }

}  // namespace cacheplane::cli
