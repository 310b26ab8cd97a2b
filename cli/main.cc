// cachectl: the command line of Cacheplane.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "cli/commands/run.h"

namespace {

using cacheplane::Error;

std::optional<std::string> GetEnv(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Error Exec(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  return cacheplane::Internal("cannot start " + words.front() + ": " + std::strerror(errno));
}

std::size_t TerminalWidth() {
  winsize size = {};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

int main(int argc, char** argv) {
  // The library's own log lines would mix with ours; what matters comes back as a status.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  const cacheplane::SystemClock clock;
  cacheplane::cli::Host host{std::cin,
                             std::cout,
                             std::cerr,
                             isatty(STDIN_FILENO) == 1,
                             isatty(STDOUT_FILENO) == 1,
                             isatty(STDERR_FILENO) == 1,
                             TerminalWidth(),
                             GetEnv,
                             Exec,
                             clock};
  return cacheplane::cli::RunCachectl({argv + 1, argv + argc}, host);
}
