#include "nodeagent/app/leases.h"

#include <fmt/format.h>

#include <cstdint>

#include "common/file.h"
#include "common/log.h"
#include "common/text.h"
#include "nodeagent/decide/lease.h"
#include "nodeagent/network/kernel_fence.h"

namespace cacheplane::agent {
namespace {

// FNV-1a: the same in every process and version.
std::uint64_t HashOf(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace

std::string FenceTable(const std::filesystem::path& home) {
  return fmt::format("cacheplane_fence_{:016x}", HashOf(home.string()));
}

std::string CutTable(const std::filesystem::path& home) {
  return fmt::format("cacheplane_cut_{:016x}", HashOf(home.string()));
}

Result<std::unique_ptr<network::Fence>> MakeFence(const Options& options) {
  if (options.fence == "none") return network::NoFence();
  auto fence = network::KernelFence(FenceTable(options.home), kAgentMark);
  if (fence.ok() || options.fence == "kernel") return fence;
  log::Warn("no fence, so that this host's primaries are not failed over when it falls silent: {}",
            fence.error().message);
  return network::NoFence();
}

Status BindPromiseSocket(PromiseSocket& socket, const Options& options) {
  if (!options.peer_address.empty()) return socket.address().empty() ? socket.Bind(options.peer_address) : Status();
  CP_ASSIGN_OR_RETURN(const std::string ip, AddressTowards(options.control_plane));
  if (socket.address().starts_with(ip + ":")) return {};
  const std::filesystem::path kept = options.home / "peer-port";
  const auto port = ReadFile(kept);
  if (port.ok() && socket.Bind(fmt::format("{}:{}", ip, Trim(*port))).ok()) return {};
  CP_RETURN_IF_ERROR(socket.Bind(ip + ":0"));
  return ReplaceFile(kept, socket.address().substr(ip.size() + 1) + "\n");
}

}  // namespace cacheplane::agent
