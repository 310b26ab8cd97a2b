#include <fmt/format.h>

#include "cli/args/completion.h"
#include "cli/commands/commands.h"
#include "cli/commands/session.h"

namespace cacheplane::cli {
namespace {

ExitCode RunCompletion(Session& session, const Arguments& arguments) {
  const std::string shell = *arguments.Text("SHELL");
  const CommandTable& table = AllCommands();
  if (shell == "bash") session.Print(BashCompletion(table));
  if (shell == "zsh") session.Print(ZshCompletion(table));
  if (shell == "fish") session.Print(FishCompletion(table));
  return ExitCode::kOk;
}

ExitCode RunVersion(Session& session, const Arguments&) {
  const bool json = session.format() == OutputFormat::kJson;
  session.Print(json ? fmt::format("{{\n \"version\": \"{}\"\n}}\n", CACHEPLANE_VERSION)
                     : fmt::format("cachectl {}\n", CACHEPLANE_VERSION));
  return ExitCode::kOk;
}

}  // namespace

std::vector<Command> ToolCommands() {
  return {{"completion",
           "",
           "Prints a completion script",
           {{"SHELL", "bash, zsh or fish", "", {"bash", "zsh", "fish"}}},
           {},
           {"source <(cachectl completion bash)", "cachectl completion fish | source"},
           RunCompletion},
          {"version", "", "Prints the version", {}, {}, {"cachectl version", "cachectl version -o json"}, RunVersion}};
}

}  // namespace cacheplane::cli
