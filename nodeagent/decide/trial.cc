#include "nodeagent/decide/trial.h"

#include <fmt/format.h>

#include <csignal>
#include <vector>

#include "common/text.h"

namespace cacheplane::agent {
namespace {

constexpr std::string_view kQuote = ">>> ";
constexpr std::size_t kMostLines = 3;
constexpr std::size_t kLongestWords = 600;
// What comes before a directive that is not taken, and why.
constexpr std::string_view kBanner = "*** FATAL CONFIG FILE ERROR";

// "Reading the configuration file, at line 40" and the like: the engine reads what nobody else ever sees.
bool SaysNothing(std::string_view line) {
  return line.empty() || line.starts_with("***") || line.starts_with("Reading the configuration file");
}

// "1234:M 28 Nov 2026 10:00:00.000 # Out of memory" and ">>> 'timeout "x"'" without what is before the words.
std::string_view Words(std::string_view line) {
  for (const std::string_view mark : {" # ", " * ", " - ", " . "}) {
    const std::size_t found = line.find(mark);
    if (found != std::string_view::npos && line.substr(0, found).find(':') != std::string_view::npos) {
      return Trim(line.substr(found + mark.size()));
    }
  }
  return line.starts_with(kQuote) ? line.substr(kQuote.size()) : line;
}

// What an engine says last, on one line; whatever a message could not carry is replaced.
std::string LastWords(std::string_view log) {
  std::vector<std::string> lines;
  const std::size_t banner = log.rfind(kBanner);
  if (banner != std::string_view::npos) log.remove_prefix(banner);
  for (const std::string& line : Split(log, '\n')) {
    if (const auto text = Trim(line); !SaysNothing(text)) lines.emplace_back(Words(text));
  }
  if (lines.size() > kMostLines) lines.erase(lines.begin(), lines.end() - kMostLines);
  std::string words = EscapeControl(Join(lines, ": ")).substr(0, kLongestWords);
  for (char& c : words) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return words;
}

std::string Describe(const TrialEnd& end) {
  if (end.signal) return fmt::format("signal {}", *end.signal);
  return end.code ? fmt::format("exit status {}", *end.code) : "it ended";
}

bool IsTheEnginesOwn(const TrialEnd& end) {
  if (end.signal) return *end.signal != SIGKILL && *end.signal != SIGTERM;
  return end.code && (*end.code == 0 || *end.code == 1);
}

}  // namespace

Verdict JudgeEnd(const TrialEnd& end, std::string_view log) {
  const std::string words = LastWords(log);
  if (!IsTheEnginesOwn(end)) return {.problem = fmt::format("the engine did not start: {}: {}", Describe(end), words)};
  const bool exited = end.code && !words.empty();
  return {.refusal = exited ? words : fmt::format("{}: {}", Describe(end), words)};
}

}  // namespace cacheplane::agent
