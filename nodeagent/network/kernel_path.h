// Endpoints served by the kernel: a table of our own translates the endpoint's address into a target's. No process
// is in the path, and the rules outlive the router. Measured: within a few percent of a direct connection.
// Established connections are not touched by a change; whoever demotes an engine closes them at the engine.
#pragma once

#include <memory>
#include <string>

#include "nodeagent/network/data_path.h"
#include "nodeagent/network/nft.h"
#include "nodeagent/network/nft_table.h"

namespace cacheplane::network {

class KernelPath final : public DataPath {
 public:
  // Takes over the table if one is there, with whatever it serves; else makes an empty one. kUnavailable without
  // CAP_NET_ADMIN or without nat support in the kernel.
  static Result<std::unique_ptr<KernelPath>> Open(const std::string& table);

  std::string_view Name() const override { return "kernel"; }
  Status Apply(const Endpoints& endpoints) override;
  // Notices that the table is gone (`nft flush ruleset`, a firewall's reload). What somebody changed inside it is
  // noticed by the Apply that stumbles over it, and by the next Open: reading it all takes too long to do each second.
  Result<bool> Heal() override;
  std::vector<SocketAddress> Unanswered(const std::vector<SocketAddress>& endpoints,
                                        std::chrono::milliseconds deadline) override;

 private:
  explicit KernelPath(std::string table) : table_(std::move(table)) {}

  Result<NftTable> Read();
  Status BringTo(const NftTable& wanted);

  const std::string table_;
  Nft nft_;
  NftTable there_;
  NftTable wanted_;
};

// Removes the table and all its rules; fine when there is none.
Status RemoveTable(const std::string& table);

}  // namespace cacheplane::network
