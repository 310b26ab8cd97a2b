#include <fmt/format.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cli/client/control_plane.h"
#include "cli/commands/client_program.h"
#include "cli/commands/commands.h"
#include "cli/commands/session.h"

namespace cacheplane::cli {
namespace {

constexpr const char* kDefaultImages = "/var/cache/cacheplane/images";

Result<std::string> FindClient(const Host& host, const std::string& engine) {
  const std::vector<std::string> names = ClientPrograms(engine);
  if (const auto found = FindInPath(host.env("PATH").value_or(""), names)) return *found;
  const std::string images = NonEmptyEnv(host, "CACHEPLANE_IMAGES").value_or(kDefaultImages);
  if (const auto found = FindInImages(images, names)) return *found;
  return NotFound(
      fmt::format("neither {} nor {} is in PATH or in an engine image under {}", names[0], names[1], images));
}

Result<v1::Endpoint> EndpointOf(const v1::Cluster& cluster, bool reader) {
  const v1::Endpoint& endpoint = reader ? cluster.reader_endpoint() : cluster.primary_endpoint();
  if (!endpoint.address().empty()) return endpoint;
  return FailedPrecondition(fmt::format("cluster {} is {} and has no {} endpoint yet", cluster.name(), cluster.status(),
                                        reader ? "reader" : "primary"));
}

std::vector<std::string> ClientWords(const std::string& program, const v1::Cluster& cluster,
                                     const v1::Endpoint& endpoint, const std::vector<std::string>& rest) {
  std::vector<std::string> words = {program, "-h", endpoint.address(), "-p", fmt::format("{}", endpoint.port())};
  // With several shards the client must follow redirections.
  if (cluster.shards_size() > 1) words.emplace_back("-c");
  words.insert(words.end(), rest.begin(), rest.end());
  return words;
}

ExitCode Run(Session& session, const Arguments& arguments) {
  v1::GetClusterRequest request;
  request.set_name(*arguments.Text("NAME"));
  v1::GetClusterResponse response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  const v1::Cluster& cluster = response.cluster();
  const Result<v1::Endpoint> endpoint = EndpointOf(cluster, arguments.Has("reader"));
  if (!endpoint.ok()) return session.Fail(endpoint.error());
  const Result<std::string> program = FindClient(session.host(), cluster.spec().engine());
  if (!program.ok()) return session.Fail(program.error(), "apt install valkey-tools or redis-tools");
  return session.Fail(session.host().exec(ClientWords(*program, cluster, *endpoint, arguments.Rest())));
}

}  // namespace

Command ClusterConnectCommand() {
  return {"cluster",
          "connect",
          "Starts valkey-cli or redis-cli on a cluster's primary endpoint",
          {{"NAME", "the cluster", "cluster"}},
          {{"reader", FlagKind::kSwitch, "", "the reader endpoint instead"}},
          {"cachectl cluster connect orders", "cachectl cluster connect orders --reader -- GET key"},
          Run,
          true};
}

}  // namespace cacheplane::cli
