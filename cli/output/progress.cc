#include "cli/output/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "cacheplane/v1/operation.pb.h"
#include "cli/output/format.h"
#include "cli/output/proto_values.h"
#include "cli/output/table.h"
#include "common/text.h"

namespace cacheplane::cli {
namespace {

std::string Headline(const v1::Operation& operation) {
  return EscapeControl(fmt::format("{} {}", operation.kind(), operation.target()));
}

// The first `width` code points, the last of them "…" when something was cut.
std::string Cut(const std::string& text, std::size_t width) {
  if (DisplayWidth(text) <= width) return text;
  std::size_t end = 0;
  for (std::size_t taken = 0; end < text.size() && taken + 1 < width; ++taken) {
    do ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
  }
  return text.substr(0, end) + "…";
}

Tone StepTone(const std::string& status) {
  if (status == "done") return Tone::kGood;
  if (status == "failed") return Tone::kBad;
  return status == "running" ? Tone::kBusy : Tone::kFaint;
}

const char* StepMark(const std::string& status) {
  if (status == "done") return "✓";
  if (status == "failed") return "✗";
  return status == "running" ? "▸" : "·";
}

Tone EndTone(const std::string& status) {
  if (status == "succeeded") return Tone::kGood;
  return status == "failed" ? Tone::kBad : Tone::kBusy;
}

std::size_t NameWidth(const v1::Operation& operation) {
  std::size_t width = 0;
  for (const v1::OperationStep& step : operation.steps()) width = std::max(width, DisplayWidth(step.name()));
  return width;
}

std::string StepLine(const v1::OperationStep& step, std::size_t name_width) {
  std::string line = fmt::format("  {} {}", StepMark(step.status()), EscapeControl(step.name()));
  if (step.detail().empty()) return line;
  line.append(name_width - std::min(name_width, DisplayWidth(step.name())), ' ');
  return line + "  " + EscapeControl(step.detail());
}

const v1::OperationStep* StepOf(const v1::Operation* operation, const std::string& name) {
  if (operation == nullptr) return nullptr;
  const auto found = std::find_if(operation->steps().begin(), operation->steps().end(),
                                  [&](const v1::OperationStep& step) { return step.name() == name; });
  return found == operation->steps().end() ? nullptr : &*found;
}

bool IsNews(const v1::OperationStep* before, const v1::OperationStep& now) {
  if (before == nullptr) return now.status() != "pending";
  return before->status() != now.status() || before->detail() != now.detail();
}

std::string WithDetail(const std::string& text, const std::string& detail) {
  return detail.empty() ? text : text + ": " + EscapeControl(detail);
}

// "66%, about 12s left"
std::string HowFar(const v1::Operation& operation, std::chrono::milliseconds elapsed) {
  const std::string percent = fmt::format("{}%", operation.progress_percent());
  if (!operation.has_expected_end_time()) return percent;
  const auto whole = FromProto(operation.expected_end_time()) - FromProto(operation.create_time());
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(whole) - elapsed;
  return left < std::chrono::seconds(1) ? percent : fmt::format("{}, about {} left", percent, FormatDuration(left));
}

}  // namespace

std::vector<std::string> ProgressBlock(const v1::Operation& operation, std::chrono::milliseconds elapsed,
                                       const ProgressStyle& style) {
  std::vector<std::string> lines;
  const auto add = [&](const std::string& line, Tone tone) {
    lines.push_back(Tint(Cut(line, style.width), tone, style.colour));
  };
  const std::string state = operation.status() == "running" ? HowFar(operation, elapsed) : operation.status();
  add(fmt::format("{}  {}  {}", Headline(operation), state, FormatDuration(elapsed)), EndTone(operation.status()));
  const std::size_t name_width = NameWidth(operation);
  for (const v1::OperationStep& step : operation.steps()) add(StepLine(step, name_width), StepTone(step.status()));
  if (!operation.reason().empty() && operation.status() != "succeeded") {
    add("  " + EscapeControl(operation.reason()), EndTone(operation.status()));
  }
  return lines;
}

std::vector<std::string> ProgressChanges(const v1::Operation* before, const v1::Operation& now) {
  std::vector<std::string> lines;
  const std::string headline = Headline(now);
  if (before == nullptr) lines.push_back(fmt::format("{}: operation {}", headline, EscapeControl(now.id())));
  for (const v1::OperationStep& step : now.steps()) {
    if (!IsNews(StepOf(before, step.name()), step)) continue;
    const std::string text = fmt::format("{}: {} {}", headline, EscapeControl(step.name()), step.status());
    lines.push_back(WithDetail(text, step.detail()));
  }
  const bool open = now.status() == "running" || now.status() == "queued";
  const std::string reason_before = before == nullptr ? "" : before->reason();
  if (open && !now.reason().empty() && now.reason() != reason_before) {
    lines.push_back(WithDetail(headline + ": waiting", now.reason()));
  }
  if (!open && (before == nullptr || before->status() != now.status())) {
    lines.push_back(WithDetail(fmt::format("{}: {}", headline, now.status()), now.reason()));
  }
  return lines;
}

}  // namespace cacheplane::cli
