// Figures for /metrics, in the Prometheus text format (version 0.0.4).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace cacheplane::gateway {

// What the control plane knows about itself and its fleet at one instant.
struct ControlPlaneFigures {
  std::map<std::string, std::int64_t> clusters_by_status;  // "available" -> 3
  std::map<std::string, std::int64_t> nodes_by_status;
  std::int64_t agents_known = 0;
  std::int64_t agents_connected = 0;
  std::int64_t routers_connected = 0;
  std::int64_t operations_running = 0;
  std::int64_t operations_queued = 0;
  std::uint64_t reconcile_passes = 0;    // since the start of the process
  std::uint64_t audit_records_lost = 0;  // likewise
};

struct ProcessFigures {
  std::int64_t resident_bytes = 0;
  std::int64_t virtual_bytes = 0;
  std::int64_t open_files = 0;
  double cpu_seconds = 0;
};

// Thread-safe; called for every scrape.
using FigureSource = std::function<ControlPlaneFigures()>;

// Of this process, from /proc/self; a figure that cannot be read is 0.
ProcessFigures ReadProcessFigures();

std::string MetricsText(const ControlPlaneFigures& figures, const ProcessFigures& process);

}  // namespace cacheplane::gateway
