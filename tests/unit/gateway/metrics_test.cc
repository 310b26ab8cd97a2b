#include "controlplane/gateway/metrics.h"

#include <gtest/gtest.h>

#include <string>

#include "controlplane/gateway/host_check.h"
#include "controlplane/gateway/http_status.h"
#include "controlplane/gateway/json_error.h"

namespace cacheplane::gateway {
namespace {

TEST(Metrics, AreWrittenAsPrometheusReadsThem) {
  const ControlPlaneFigures figures{.clusters_by_status = {{"available", 3}, {"creating", 1}},
                                    .nodes_by_status = {},
                                    .agents_known = 4,
                                    .agents_connected = 3,
                                    .routers_connected = 1,
                                    .operations_running = 2,
                                    .operations_queued = 3,
                                    .reconcile_passes = 99,
                                    .audit_records_lost = 3};
  const std::string text =
      MetricsText(figures, {.resident_bytes = 1, .virtual_bytes = 2, .open_files = 3, .cpu_seconds = 0.5});
  EXPECT_TRUE(
      text.starts_with("# HELP cacheplane_clusters Clusters by status.\n"
                       "# TYPE cacheplane_clusters gauge\n"
                       "cacheplane_clusters{status=\"available\"} 3\n"
                       "cacheplane_clusters{status=\"creating\"} 1\n"
                       "# HELP cacheplane_nodes "))
      << text;
  for (const char* line :
       {"\ncacheplane_agents_connected 3\n", "\ncacheplane_agents_known 4\n", "\ncacheplane_routers_connected 1\n",
        "\ncacheplane_operations_running 2\n", "\ncacheplane_operations_queued 3\n",
        "\ncacheplane_reconcile_passes_total 99\n", "\ncacheplane_audit_records_lost_total 3\n",
        "\nprocess_resident_memory_bytes 1\n", "\nprocess_open_fds 3\n", "\nprocess_cpu_seconds_total 0.5\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(Metrics, OfThisProcessAreKnown) {
  const ProcessFigures figures = ReadProcessFigures();
  EXPECT_GT(figures.resident_bytes, 0);
  EXPECT_GT(figures.virtual_bytes, figures.resident_bytes);
  EXPECT_GE(figures.open_files, 3);
}

TEST(JsonError, SurvivesAnyBytes) {
  EXPECT_EQ(JsonError(400, "X", "a\"b\n").body, "{\"error\":{\"code\":\"X\",\"message\":\"a\\\"b\\n\"}}\n");
  EXPECT_NE(JsonError(400, "X", "\xff").body.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(HttpStatus, UnknownCodesAreUnknown) {
  EXPECT_EQ(MappingOf(-1).name, "UNKNOWN");
  EXPECT_EQ(MappingOf(17).name, "UNKNOWN");
  EXPECT_EQ(MappingOf(0).http_status, 200);
}

}  // namespace
}  // namespace cacheplane::gateway
