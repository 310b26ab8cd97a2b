#include "nodeagent/supervisor/process_gauge.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "common/file.h"
#include "common/text.h"

namespace cacheplane::agent {
namespace {

using std::chrono::microseconds;

int OpenOf(pid_t pid, const char* name) {
  return open(fmt::format("/proc/{0}/task/{0}/{1}", pid, name).c_str(), O_RDONLY | O_CLOEXEC);
}

std::string ReadAt(int fd) {
  std::array<char, 1024> buffer;
  const ssize_t size = fd < 0 ? -1 : pread(fd, buffer.data(), buffer.size(), 0);
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

// Fields after the command's name, which is in parentheses and may hold anything; the first is the state.
std::string_view Fields(std::string_view stat) {
  const std::size_t name_end = stat.rfind(") ");
  return name_end == std::string_view::npos ? std::string_view() : stat.substr(name_end + 2);
}

microseconds Ticks(const std::string& text) {
  static const long kPerSecond = sysconf(_SC_CLK_TCK);
  return microseconds(ParseInt(text).value_or(0) * 1'000'000 / kPerSecond);
}

// Nanoseconds used, and nanoseconds waited for a CPU.
microseconds FromSchedule(const std::string& text) {
  const auto fields = Split(text, ' ');
  if (fields.size() < 2) return microseconds(0);
  return microseconds((ParseInt(fields[0]).value_or(0) + ParseInt(fields[1]).value_or(0)) / 1000);
}

// User and system time, fields 14 and 15 of the file.
microseconds FromStat(std::string_view rest) {
  const auto fields = Split(rest, ' ');
  return fields.size() < 13 ? microseconds(0) : Ticks(fields[11]) + Ticks(fields[12]);
}

bool Holds(const std::string& file, std::string_view text) {
  const auto content = ReadFile(file);
  return content.ok() && content->find(text) != std::string::npos;
}

// `line` of /proc/PID/cgroup: "number:controllers:path"; the second version has neither number nor controllers.
bool IsFrozen(const std::string& line) {
  constexpr char kRoot[] = "/sys/fs/cgroup";
  const std::size_t first = line.find(':');
  const std::size_t second = line.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return false;
  const std::string controllers = line.substr(first + 1, second - first - 1);
  const std::string path = line.substr(second + 1);
  if (controllers == "freezer") return Holds(fmt::format("{}/freezer{}/freezer.state", kRoot, path), "FROZEN");
  if (!controllers.empty()) return false;
  return Holds(fmt::format("{}{}/cgroup.events", kRoot, path), "frozen 1") ||
         Holds(fmt::format("{}/unified{}/cgroup.events", kRoot, path), "frozen 1");
}

}  // namespace

ProcessGauge::ProcessGauge(pid_t pid) : pid_(pid), stat_(OpenOf(pid, "stat")), schedule_(OpenOf(pid, "schedstat")) {}

ProcessGauge::~ProcessGauge() {
  if (stat_ >= 0) close(stat_);
  if (schedule_ >= 0) close(schedule_);
}

bool ProcessGauge::Stopped() const {
  const std::string stat = ReadAt(stat_);
  const std::string_view rest = Fields(stat);
  return rest.starts_with('T') || rest.starts_with('t');
}

bool ProcessGauge::GroupFrozen() const {
  const auto groups = ReadFile(fmt::format("/proc/{}/cgroup", pid_));
  if (!groups.ok()) return false;
  const auto lines = Split(*groups, '\n');
  return std::any_of(lines.begin(), lines.end(), IsFrozen);
}

ProcessLook ProcessGauge::Look() const {
  const std::string stat = ReadAt(stat_);
  const std::string_view rest = Fields(stat);
  const std::string schedule = ReadAt(schedule_);
  ProcessLook look{.state = rest.empty() ? '?' : rest.front()};
  look.cpu = schedule.empty() ? FromStat(rest) : FromSchedule(schedule);
  return look;
}

}  // namespace cacheplane::agent
