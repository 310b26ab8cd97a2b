#include "nodeagent/app/leases.h"

#include <fmt/format.h>

#include "common/file.h"
#include "common/hash.h"
#include "common/log.h"
#include "common/text.h"
#include "nodeagent/decide/lease.h"
#include "nodeagent/guard/guard_fence.h"
#include "nodeagent/network/host_cut.h"
#include "nodeagent/network/kernel_fence.h"
#include "nodeagent/network/sealed.h"

namespace cacheplane::agent {
namespace {

// Its rules would go on dropping, with nobody to renew them.
Status RemoveUnusedTable(const std::string& table) {
  const auto kernel = network::KernelFence(table, kAgentMark);
  if (!kernel.ok()) return {};  // whoever may not change it cannot have made it
  if ((*kernel)->guarded().empty()) return network::RemoveKernelFence(table);
  return FailedPrecondition(fmt::format(
      "--fence guard: the kernel's table {} still fences engines of this home; stop them first, by --drain, "
      "or go on with --fence kernel",
      table));
}

Result<std::unique_ptr<network::Fence>> MakeGuard(const Options& options, EventLoop& loop) {
  CP_RETURN_IF_ERROR(RemoveUnusedTable(FenceTable(options.home)));
  auto fence = guard::GuardFence::Open(loop, options.home, options.guard);
  if (!fence.ok())
    return Annotate(fence.error(), "nothing here would end the writes of a primary (--fence none allows that)");
  return std::unique_ptr<network::Fence>(std::move(*fence));
}

}  // namespace

std::string FenceTable(const std::filesystem::path& home) {
  return fmt::format("cacheplane_fence_{:016x}", StableHash(home.string()));
}

std::string CutTable(const std::filesystem::path& home) {
  return fmt::format("cacheplane_cut_{:016x}", StableHash(home.string()));
}

Result<std::unique_ptr<network::Fence>> MakeFence(const Options& options, EventLoop& loop) {
  if (options.fence == "guard") return MakeGuard(options, loop);
  if (options.fence == "none") {
    guard::EndGuard(options.home);
    return network::NoFence();
  }
  auto kernel = network::KernelFence(FenceTable(options.home), kAgentMark);
  if (kernel.ok()) guard::EndGuard(options.home);  // that of an agent before, which was told otherwise
  if (kernel.ok() || options.fence == "kernel") return kernel;
  log::Info("a guard process ends engines whose lease has ended, for the kernel does not: {}", kernel.error().message);
  return MakeGuard(options, loop);
}

std::unique_ptr<network::Fence> FindGuard(const Options& options, EventLoop& loop) {
  if (!guard::GuardRuns(options.home)) return nullptr;
  auto fence = guard::GuardFence::Open(loop, options.home, options.guard);
  if (fence.ok()) return std::move(*fence);
  log::Warn("{}", fence.error().message);
  return nullptr;
}

std::set<network::SocketAddress> UnguardClosed(network::Fence& fence, const Supervisor& supervisor) {
  std::set<network::SocketAddress> ended;
  const std::set<network::SocketAddress> guarded = fence.guarded();
  for (const network::SocketAddress& socket : guarded) {
    const Address address{socket.address, socket.port};
    if (supervisor.MayBeOpen(address)) continue;
    if (!supervisor.ProcessAt(address)) ended.insert(socket);
    if (const Status status = fence.Unguard(socket, /*reset=*/false); !status.ok()) {
      log::Error("fence: {}", status.error().message);
    }
  }
  return ended;
}

void RemoveFences(const Options& options) {
  guard::EndGuard(options.home);
  // Nobody here may have been allowed to make one.
  for (const Status& removed : {network::RemoveKernelFence(FenceTable(options.home)),
                                network::HostCut(CutTable(options.home), kAgentMark).Remove()}) {
    if (!removed.ok()) log::Debug("{}", removed.error().message);
  }
}

Status BindPromiseSocket(PromiseSocket& socket, const Options& options) {
  if (!options.peer_address.empty()) return socket.address().empty() ? socket.Bind(options.peer_address) : Status();
  CP_ASSIGN_OR_RETURN(const std::string ip, network::AddressTowards(options.control_plane));
  if (socket.address().starts_with(ip + ":")) return {};
  const std::filesystem::path kept = options.home / "peer-port";
  const auto port = ReadFile(kept);
  if (port.ok() && socket.Bind(fmt::format("{}:{}", ip, Trim(*port))).ok()) return {};
  CP_RETURN_IF_ERROR(socket.Bind(ip + ":0"));
  return ReplaceFile(kept, socket.address().substr(ip.size() + 1) + "\n");
}

}  // namespace cacheplane::agent
