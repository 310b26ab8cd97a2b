#include "tests/support/memory_store.h"

#include <utility>

#include "tests/support/memory_tables.h"

namespace cacheplane::test {
namespace {

class MemoryTransaction final : public ports::Transaction {
 public:
  explicit MemoryTransaction(MemoryState& state)
      : clusters_(state),
        plan_(state),
        network_(state),
        parameter_groups_(state),
        journal_(state),
        hosts_(state),
        access_keys_(state),
        audit_(state) {}
  ports::ClusterTable& clusters() override { return clusters_; }
  ports::PlanTable& plan() override { return plan_; }
  ports::NetworkTable& network() override { return network_; }
  ports::ParameterGroupTable& parameter_groups() override { return parameter_groups_; }
  ports::JournalTable& journal() override { return journal_; }
  ports::HostTable& hosts() override { return hosts_; }
  ports::AccessKeyTable& access_keys() override { return access_keys_; }
  ports::AuditTable& audit() override { return audit_; }

 private:
  MemoryClusters clusters_;
  MemoryPlan plan_;
  MemoryNetwork network_;
  MemoryParameterGroups parameter_groups_;
  MemoryJournal journal_;
  MemoryHosts hosts_;
  MemoryAccessKeys access_keys_;
  MemoryAudit audit_;
};

}  // namespace

MemoryStore::MemoryStore() : committed_(std::make_shared<MemoryState>()) {}
MemoryStore::~MemoryStore() = default;

std::shared_ptr<const MemoryState> MemoryStore::Committed() {
  const std::scoped_lock lock(swapping_);
  return committed_;
}

void MemoryStore::Read(const std::function<void(ports::Transaction&)>& function) {
  MemoryState snapshot = *Committed();
  MemoryTransaction transaction(snapshot);
  function(transaction);
}

Status MemoryStore::Write(const std::function<Status(ports::Transaction&)>& function) {
  const std::scoped_lock one_writer(writing_);
  auto next = std::make_shared<MemoryState>(*Committed());
  next->writable = true;
  MemoryTransaction transaction(*next);
  CP_RETURN_IF_ERROR(function(transaction));
  next->writable = false;
  const std::scoped_lock lock(swapping_);
  committed_ = std::move(next);
  return {};
}

std::vector<model::Host> MemoryHosts::Hosts() {
  std::vector<model::Host> hosts;
  for (const auto& [agent, host] : *state_.hosts) hosts.push_back(host);
  return hosts;
}

}  // namespace cacheplane::test
