// Figures of /metrics, counted from the store and the fact board for every scrape.
#pragma once

#include "controlplane/gateway/metrics.h"
#include "controlplane/ports/facts.h"
#include "controlplane/ports/store.h"

namespace cacheplane::app {

gateway::ControlPlaneFigures CountFigures(ports::Store& store, const ports::FactSource& facts, std::uint64_t passes,
                                          std::uint64_t audit_records_lost);

}  // namespace cacheplane::app
