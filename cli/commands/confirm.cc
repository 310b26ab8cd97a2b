#include "cli/commands/confirm.h"

#include <fmt/format.h>

#include <istream>
#include <ostream>

#include "common/text.h"

namespace cacheplane::cli {

Status ConfirmByName(Host& host, const std::string& name, const std::string& what) {
  if (!host.in_is_tty || !host.err_is_tty) {
    return FailedPrecondition(fmt::format("this {}: it needs --yes where there is no terminal to ask on", what));
  }
  host.err << fmt::format("This {}. Type its name to go on: ", EscapeControl(what)) << std::flush;
  std::string typed;
  std::getline(host.in, typed);
  if (Trim(typed) == name) return {};
  return FailedPrecondition("that is not its name; nothing was done");
}

}  // namespace cacheplane::cli
