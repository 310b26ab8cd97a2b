#include "controlplane/gateway/metrics.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string_view>

namespace cacheplane::gateway {
namespace {

using Text = std::back_insert_iterator<std::string>;

void Head(Text out, std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(out, "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

template <typename Value>
void Single(Text out, std::string_view name, std::string_view type, std::string_view help, Value value) {
  Head(out, name, type, help);
  fmt::format_to(out, "{} {}\n", name, value);
}

// Statuses are words of ours (model/cluster.h, service/node_status.h): nothing in them needs escaping.
void ByStatus(Text out, std::string_view name, std::string_view help,
              const std::map<std::string, std::int64_t>& counts) {
  Head(out, name, "gauge", help);
  for (const auto& [status, count] : counts) fmt::format_to(out, "{}{{status=\"{}\"}} {}\n", name, status, count);
}

std::int64_t CountOpenFiles() {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return 0;
  std::int64_t count = 0;
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  constexpr std::int64_t kNotFiles = 3;  // ".", ".." and the directory just opened
  return count - kNotFiles;
}

double CpuSeconds() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

ProcessFigures ReadProcessFigures() {
  ProcessFigures figures;
  std::ifstream statm("/proc/self/statm");
  std::int64_t virtual_pages = 0;
  std::int64_t resident_pages = 0;
  if (statm >> virtual_pages >> resident_pages) {
    const std::int64_t page = sysconf(_SC_PAGESIZE);
    figures.virtual_bytes = virtual_pages * page;
    figures.resident_bytes = resident_pages * page;
  }
  figures.open_files = CountOpenFiles();
  figures.cpu_seconds = CpuSeconds();
  return figures;
}

std::string MetricsText(const ControlPlaneFigures& figures, const ProcessFigures& process) {
  std::string text;
  const Text out(text);
  ByStatus(out, "cacheplane_clusters", "Clusters by status.", figures.clusters_by_status);
  ByStatus(out, "cacheplane_nodes", "Nodes by status.", figures.nodes_by_status);
  Single(out, "cacheplane_agents_known", "gauge", "Agents that ever joined.", figures.agents_known);
  Single(out, "cacheplane_agents_connected", "gauge", "Agents with an open session.", figures.agents_connected);
  Single(out, "cacheplane_routers_connected", "gauge", "Routers with an open session.", figures.routers_connected);
  Single(out, "cacheplane_operations_running", "gauge", "Operations under way.", figures.operations_running);
  Single(out, "cacheplane_operations_queued", "gauge", "Modifications that wait for their turn.",
         figures.operations_queued);
  Single(out, "cacheplane_reconcile_passes_total", "counter", "Reconcile passes since the start.",
         figures.reconcile_passes);
  Single(out, "cacheplane_audit_records_lost_total", "counter",
         "Calls whose audit record could not be written, since the start.", figures.audit_records_lost);
  Single(out, "process_resident_memory_bytes", "gauge", "Resident memory.", process.resident_bytes);
  Single(out, "process_virtual_memory_bytes", "gauge", "Virtual memory.", process.virtual_bytes);
  Single(out, "process_open_fds", "gauge", "Open file descriptors.", process.open_files);
  Single(out, "process_cpu_seconds_total", "counter", "User and system time.", process.cpu_seconds);
  return text;
}

}  // namespace cacheplane::gateway
