#include "cli/commands/run.h"

#include <ostream>
#include <type_traits>
#include <variant>

#include "cli/args/parser.h"
#include "cli/client/control_plane.h"
#include "cli/commands/commands.h"
#include "cli/output/errors.h"

namespace cacheplane::cli {
namespace {

ExitCode Run(const Invocation& invocation, Host& host) {
  Session session(host, invocation.arguments);
  return invocation.command->run(session, invocation.arguments);
}

ExitCode Run(const HelpWanted& help, Host& host) {
  host.out << help.text << std::flush;
  return ExitCode::kOk;
}

ExitCode Run(const UsageError& error, Host& host) {
  host.err << ErrorText("Usage", error.message, error.hint) << std::flush;
  return ExitCode::kUsage;
}

}  // namespace

int RunCachectl(const std::vector<std::string>& words, Host& host) {
  const ParsedLine line = ParseCommandLine(AllCommands(), words);
  return static_cast<int>(std::visit([&](const auto& parsed) { return Run(parsed, host); }, line));
}

}  // namespace cacheplane::cli
