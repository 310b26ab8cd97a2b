#include "nodeagent/network/data_path.h"

#include "common/log.h"
#include "nodeagent/network/kernel_path.h"
#include "nodeagent/network/proxy_path.h"

namespace cacheplane::network {
namespace {

// Rules left by an earlier run on the kernel path would bypass the proxy.
std::unique_ptr<DataPath> OpenProxy(const std::string& table) {
  const Status removed = RemoveTable(table);
  if (!removed.ok()) log::Debug("table {} not looked for: {}", table, removed.error().message);
  return std::make_unique<ProxyPath>();
}

}  // namespace

Result<std::unique_ptr<DataPath>> OpenDataPath(PathChoice choice, const std::string& table) {
  CP_RETURN_IF_ERROR(CheckTableName(table));
  if (choice == PathChoice::kProxy) return OpenProxy(table);
  auto kernel = KernelPath::Open(table);
  if (kernel.ok()) return std::unique_ptr<DataPath>(std::move(*kernel));
  if (choice == PathChoice::kKernel) return kernel.error();
  log::Warn("kernel data path not available, endpoints go through the proxy: {}", kernel.error().message);
  return OpenProxy(table);
}

}  // namespace cacheplane::network
