// Who can take over from a primary, as far as agents reported. decide/ judges again before anything changes, by what
// replicas report once they follow nobody; here it is decided whether asking makes sense.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/model/plan.h"
#include "controlplane/ports/facts.h"

namespace cacheplane::service {

struct Successor {
  model::NodeName name;
  std::int64_t offset = 0;  // of its replication, as last reported
};

struct Successors {
  std::string primary_down;              // why the primary cannot hand over by itself; empty when it can
  std::vector<Successor> fit;            // the one with the highest offset first
  std::vector<std::string> passed_over;  // "orders-003: the replication link is down", one for every other replica
};

// Pure. `nodes` are those of one shard, with a primary among them; ones being erased are left out. A replica is fit
// when its engine runs and its link to the primary is up; with a primary that is down, when its engine runs and holds
// data.
Successors FindSuccessors(const std::vector<model::Node>& nodes, const ports::FactSnapshot& facts, MonoTime now);

// A choice among them, with its reasons.
struct Succession {
  model::NodeName primary;
  model::NodeName successor;
  std::string reason;                    // "it holds most: offset 1200 as last reported"
  std::vector<std::string> passed_over;  // one line for every other replica

  bool operator==(const Succession&) const = default;
};

// Pure. `chosen` is one of the fit; `asked_for`: because somebody named it.
Succession Explain(const model::NodeName& primary, const Successors& successors, const model::NodeName& chosen,
                   bool asked_for);

}  // namespace cacheplane::service
