// libnftables in this process: a transaction costs well under a millisecond, where starting the nft program costs ten.
#pragma once

#include <memory>
#include <string>

#include "common/result.h"

struct nft_ctx;

namespace cacheplane::network {

// Not thread safe.
class Nft {
 public:
  Nft();
  Nft(const Nft&) = delete;
  Nft& operator=(const Nft&) = delete;
  ~Nft();

  // Runs commands in nft's own language as one transaction: all of them or none. Returns what they print, JSON for
  // listings. kNotFound when an object is missing, kUnavailable without the right to change the kernel's tables.
  Result<std::string> Run(const std::string& commands);

 private:
  struct Free {
    void operator()(nft_ctx* context) const;
  };
  std::unique_ptr<nft_ctx, Free> context_;
};

}  // namespace cacheplane::network
