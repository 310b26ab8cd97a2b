#include "cacheplane/v1/catalog.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

ExitCode RunEngineVersions(Session& session, const Arguments& arguments) {
  v1::ListEngineVersionsRequest request;
  request.set_engine(arguments.TextOr("engine", ""));
  return PrintList<v1::ListEngineVersionsResponse>(session, request);
}

ExitCode RunNodeTypes(Session& session, const Arguments&) {
  return PrintList<v1::ListNodeTypesResponse>(session, v1::ListNodeTypesRequest());
}

}  // namespace

std::vector<Command> CatalogCommands() {
  return {{"engine-version",
           "list",
           "Lists the engine versions",
           {},
           {{"engine", FlagKind::kText, "ENGINE", "only those of valkey or redis"}},
           {"cachectl engine-version list", "cachectl engine-version list --engine valkey -o json"},
           RunEngineVersions},
          {"node-type",
           "list",
           "Lists the node types",
           {},
           {},
           {"cachectl node-type list", "cachectl node-type list -o names"},
           RunNodeTypes}};
}

}  // namespace cacheplane::cli
