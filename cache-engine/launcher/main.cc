// cache-engine --spec FILE: becomes the engine that FILE describes (cache-engine/launcher/spec.h).
// cache-engine --check --spec FILE: says whether it could, and starts nothing.
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cache-engine/launcher/launch.h"
#include "common/file.h"
#include "common/log.h"

namespace cacheplane::launcher {
namespace {

constexpr char kUsage[] =
    "usage: cache-engine [--check] --spec FILE\n"
    "  --spec FILE  the launch specification (JSON)\n"
    "  --check      validate it, its configuration and its image; start nothing\n";

struct Options {
  std::string spec_file;
  bool check = false;
};

std::optional<Options> ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--check") {
      options.check = true;
    } else if (argument == "--spec" && i + 1 < argc) {
      options.spec_file = argv[++i];
    } else {
      return std::nullopt;
    }
  }
  if (options.spec_file.empty()) return std::nullopt;
  return options;
}

int Fail(const Failure& failure) {
  log::Error("{}", failure.error.message);
  return static_cast<int>(failure.exit);
}

int Run(const Options& options) {
  const auto text = ReadFile(options.spec_file);
  if (!text.ok()) return Fail({Exit::kNoSpec, text.error()});
  const auto spec = ParseSpec(*text);
  if (!spec.ok()) return Fail({Exit::kSpec, Annotate(spec.error(), options.spec_file)});
  const auto plan = Prepare(*spec);
  if (const auto* failure = std::get_if<Failure>(&plan)) return Fail(*failure);
  if (options.check) return 0;
  return Fail(Launch(*spec, std::get<Plan>(plan)));
}

}  // namespace
}  // namespace cacheplane::launcher

int main(int argc, char** argv) {
  using namespace cacheplane;
  log::Init("cache-engine", log::Level::kInfo);
  const auto options = launcher::ParseOptions(argc, argv);
  if (!options) {
    std::fputs(launcher::kUsage, stderr);
    return static_cast<int>(launcher::Exit::kUsage);
  }
  return launcher::Run(*options);
}
