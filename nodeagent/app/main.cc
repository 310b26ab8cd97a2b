// cacheplane-agent: one per host; see nodeagent/app/README.md.
#include "common/log.h"
#include "nodeagent/app/options.h"
#include "nodeagent/app/run.h"

int main(int argc, char** argv) {
  using namespace cacheplane;
  const auto parsed = agent::ParseOptions(argc, argv);
  if (!parsed.options) return parsed.exit_status;
  log::Init("cacheplane-agent", log::ParseLevel(parsed.options->log_level));
  return parsed.options->drain ? agent::Drain(*parsed.options) : agent::RunAgent(*parsed.options);
}
