#include "nodeagent/network/nft.h"

#include <cerrno>
#include <string_view>

#include "common/text.h"

// The library's header sets this without asking whether the compiler did.
#undef _GNU_SOURCE
#include <nftables/libnftables.h>

namespace cacheplane::network {
namespace {

// The library reports errors as text meant for people: "<buffer>:1:1-2: Error: <reason>" and an excerpt.
Error ToError(std::string_view text) {
  const std::string_view first_line = text.substr(0, text.find('\n'));
  const std::string message = "nftables: " + std::string(Trim(first_line));
  if (text.find("No such file or directory") != std::string_view::npos) return NotFound(message);
  if (text.find("Operation not permitted") != std::string_view::npos) return Unavailable(message);
  return Internal(message);
}

}  // namespace

void Nft::Free::operator()(nft_ctx* context) const { nft_ctx_free(context); }

Nft::Nft() : context_(nft_ctx_new(NFT_CTX_DEFAULT)) {
  if (!context_) return;
  nft_ctx_buffer_output(context_.get());
  nft_ctx_buffer_error(context_.get());
  nft_ctx_output_set_flags(context_.get(), NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_NUMERIC_ALL);
}

Nft::~Nft() = default;

Result<std::string> Nft::Run(const std::string& commands) {
  if (!context_) return Unavailable("nftables: no context");
  const int failed = nft_run_cmd_from_buffer(context_.get(), commands.c_str());
  // Both calls also empty their buffer.
  const std::string output = nft_ctx_get_output_buffer(context_.get());
  const std::string errors = nft_ctx_get_error_buffer(context_.get());
  if (failed != 0) return ToError(errors);
  return output;
}

}  // namespace cacheplane::network
