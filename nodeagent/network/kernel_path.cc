#include "nodeagent/network/kernel_path.h"

#include <fmt/format.h>

#include "common/log.h"
#include "nodeagent/network/nft_batch.h"
#include "nodeagent/network/nft_listing.h"
#include "nodeagent/network/probe.h"

namespace cacheplane::network {

Result<std::unique_ptr<KernelPath>> KernelPath::Open(const std::string& table) {
  CP_RETURN_IF_ERROR(CheckTableName(table));
  std::unique_ptr<KernelPath> path(new KernelPath(table));
  auto there = path->Read();
  if (!there.ok()) return Unavailable(there.error().message);
  path->there_ = std::move(*there);
  if (!path->there_.usable) {
    const Status made = path->BringTo(TableFor({}));
    if (!made.ok()) return Unavailable(made.error().message);
  }
  path->wanted_ = path->there_;
  log::Info("kernel data path: table {} serves {} endpoints", table, path->there_.spreads.size());
  return path;
}

Result<NftTable> KernelPath::Read() {
  const auto listing = nft_.Run(fmt::format("list table ip {}", table_));
  if (!listing.ok() && listing.error().code == ErrorCode::kNotFound) return NftTable{};
  if (!listing.ok()) return listing.error();
  auto table = TableFromListing(*listing);
  if (table.ok()) return table;
  log::Warn("table {} cannot be read and will be replaced: {}", table_, table.error().message);
  return NftTable{};
}

Status KernelPath::BringTo(const NftTable& wanted) {
  for (const std::string& transaction : Transactions(table_, there_, wanted)) {
    log::Debug("nftables transaction: {}", transaction);
    const auto ran = nft_.Run(transaction);
    if (!ran.ok()) return ran.error();
  }
  const std::set<std::size_t> idle_chains = there_.usable ? there_.chains : std::set<std::size_t>{};
  there_ = wanted;
  there_.chains.insert(idle_chains.begin(), idle_chains.end());
  return {};
}

Status KernelPath::Apply(const Endpoints& endpoints) {
  wanted_ = TableFor(endpoints);
  const Status applied = BringTo(wanted_);
  if (applied.ok()) return {};
  // Somebody changed the table behind our back: look again, once.
  log::Warn("table {} is not as it was left, reading it again: {}", table_, applied.error().message);
  CP_ASSIGN_OR_RETURN(there_, Read());
  return BringTo(wanted_);
}

Result<bool> KernelPath::Heal() {
  // Chains, since that listing reads no elements: 1 ms for a thousand endpoints, where others take up to 60 ms.
  CP_ASSIGN_OR_RETURN(const std::string chains, nft_.Run("list chains ip"));
  CP_ASSIGN_OR_RETURN(const bool there, HasTable(table_, chains));
  if (there) return false;
  CP_ASSIGN_OR_RETURN(there_, Read());
  CP_RETURN_IF_ERROR(BringTo(wanted_));
  return true;
}

std::vector<SocketAddress> KernelPath::Unanswered(const std::vector<SocketAddress>& endpoints,
                                                  std::chrono::milliseconds deadline) {
  return Silent(endpoints, deadline);
}

Status RemoveTable(const std::string& table) {
  CP_RETURN_IF_ERROR(CheckTableName(table));
  const auto removed = Nft().Run(RemovalOf(table));
  if (!removed.ok()) return removed.error();
  return {};
}

}  // namespace cacheplane::network
