#include "nodeagent/network/kernel_fence.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "nodeagent/network/fence_batch.h"
#include "nodeagent/network/nft.h"
#include "nodeagent/network/nft_batch.h"
#include "nodeagent/network/nft_table.h"
#include "nodeagent/network/reset.h"

namespace cacheplane::network {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

// The table is changed within this, or the lease is taken back: half of a lease's margin.
constexpr milliseconds kGuardWithin{50};

Result<std::set<SocketAddress>> GuardedIn(const std::string& listing) {
  std::set<SocketAddress> guarded;
  try {
    const Json document = Json::parse(listing);
    for (const Json& object : document.at("nftables")) {
      const auto set = object.find("set");
      if (set == object.end()) continue;
      for (const Json& element : set->value("elem", Json::array())) {
        const Json& key = element.at("concat");
        CP_ASSIGN_OR_RETURN(SocketAddress address,
                            ParseSocketAddress(key.at(0).get<std::string>(), key.at(1).get<std::int64_t>()));
        guarded.insert(std::move(address));
      }
    }
  } catch (const Json::exception& error) {
    return Internal(fmt::format("nftables: an odd listing: {}", error.what()));
  }
  return guarded;
}

class Kernel final : public Fence {
 public:
  Kernel(const std::string& table, std::uint32_t mark) : table_(table), mark_(mark) {}

  Status Open() {
    CP_RETURN_IF_ERROR(CheckTableName(table_));
    // Shows that this process may, and leaves nothing.
    CP_RETURN_IF_ERROR(Run(RemovalOf(table_ + "_may")));
    const auto listing = nft_.Run(fmt::format("list set ip {} guarded", table_));
    if (!listing.ok() && listing.error().code == ErrorCode::kNotFound) return {};
    if (!listing.ok()) return listing.error();
    CP_ASSIGN_OR_RETURN(guarded_, GuardedIn(*listing));
    CP_RETURN_IF_ERROR(Run(FenceLayout(table_, mark_)));
    laid_out_ = true;
    return {};
  }

  std::string kind() const override { return "kernel"; }
  const std::set<SocketAddress>& guarded() const override { return guarded_; }

  Status Guard(const Leases& leases) override {
    if (leases.empty()) return {};
    const BootTime now = BootClock::now();
    TimesLeft times;
    for (const auto& [address, lease] : leases) times[address] = std::max(lease.end - now, milliseconds(0));
    CP_RETURN_IF_ERROR(Set(times));
    if (BootClock::now() <= now + kGuardWithin) return {};
    for (auto& [address, left] : times) left = milliseconds(0);
    CP_RETURN_IF_ERROR(Set(times));
    return Unavailable("held up while its lease was set");
  }

  Status Unguard(const SocketAddress& address, bool reset) override {
    if (!guarded_.contains(address)) return {};
    if (reset) CP_RETURN_IF_ERROR(ResetConnections(address));
    const Status status = Run((laid_out_ ? "" : FenceLayout(table_, mark_)) + UnguardBatch(table_, address));
    laid_out_ = status.ok();
    if (!status.ok()) return status;
    guarded_.erase(address);
    return {};
  }

 private:
  Status Set(const TimesLeft& times) {
    const Status status = Run((laid_out_ ? "" : FenceLayout(table_, mark_)) + GuardBatch(table_, times));
    laid_out_ = status.ok();  // somebody may have removed the table: all of it is made next time
    if (!status.ok()) return status;
    for (const auto& [address, left] : times) guarded_.insert(address);
    return {};
  }

  Status Run(const std::string& commands) {
    const auto done = nft_.Run(commands);
    return done.ok() ? Status() : Status(done.error());
  }

  const std::string table_;
  const std::uint32_t mark_;
  Nft nft_;
  std::set<SocketAddress> guarded_;
  bool laid_out_ = false;
};

}  // namespace

Result<std::unique_ptr<Fence>> KernelFence(const std::string& table, std::uint32_t mark) {
  auto fence = std::make_unique<Kernel>(table, mark);
  CP_RETURN_IF_ERROR(fence->Open());
  return std::unique_ptr<Fence>(std::move(fence));
}

Status RemoveKernelFence(const std::string& table) {
  CP_RETURN_IF_ERROR(CheckTableName(table));
  Nft nft;
  const auto done = nft.Run(RemovalOf(table));
  return done.ok() ? Status() : Status(done.error());
}

}  // namespace cacheplane::network
