// cacheplane-agent: one per host; see nodeagent/app/README.md.
#include "common/log.h"
#include "common/precedence.h"
#include "nodeagent/app/options.h"
#include "nodeagent/app/run.h"

int main(int argc, char** argv) {
  using namespace cacheplane;
  const auto parsed = agent::ParseOptions(argc, argv);
  if (!parsed.options) return parsed.exit_status;
  log::Init("cacheplane-agent", log::ParseLevel(parsed.options->log_level));
  if (parsed.options->drain) return agent::Drain(*parsed.options);
  TakePrecedence();
  return agent::RunAgent(*parsed.options);
}
