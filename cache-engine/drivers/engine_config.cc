#include "cache-engine/drivers/engine_config.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <vector>

#include "cache-engine/catalog/catalog.h"
#include "cache-engine/drivers/acl.h"
#include "cache-engine/drivers/directive.h"
#include "cache-engine/drivers/parameters.h"
#include "cache-engine/drivers/version.h"
#include "common/text.h"

namespace cacheplane::engine {
namespace {

using Directives = std::vector<Directive>;

void Append(Directives& to, const Directives& more) { to.insert(to.end(), more.begin(), more.end()); }

Status CheckAddress(const ListenAddress& place) {
  unsigned char bytes[sizeof(in6_addr)];
  const bool numeric =
      inet_pton(AF_INET, place.address.c_str(), bytes) == 1 || inet_pton(AF_INET6, place.address.c_str(), bytes) == 1;
  if (!numeric || place.address.find('\0') != std::string::npos) {
    return InvalidArgument(fmt::format("'{}' is no address", EscapeControl(place.address)));
  }
  if (place.port < 1 || place.port > 65535) return InvalidArgument(fmt::format("{} is no port", place.port));
  return {};
}

Status CheckRequest(const ConfigRequest& request) {
  const auto* known = catalog::FindEngineVersion(request.engine, catalog::MinorOf(request.full_version));
  if (known == nullptr) {
    return InvalidArgument(fmt::format("there is no engine {} version {}", EscapeControl(request.engine),
                                       EscapeControl(request.full_version)));
  }
  if (known->family != request.family) {
    return InvalidArgument(fmt::format("{} {} takes parameters of family {}, not '{}'", known->engine, known->version,
                                       known->family, EscapeControl(request.family)));
  }
  CP_RETURN_IF_ERROR(CheckAddress(request.listen));
  return request.primary ? CheckAddress(*request.primary) : Status();
}

// Nothing is written to disk unasked. A dump.rdb that lies there at a start is loaded: that is how a snapshot is
// restored. It is not compressed: that takes half the time of a save, a full synchronisation's included (1 GiB of
// random values: 2.4 s instead of 4.8 s), in which a shard has a copy less.
Directives ProcessDirectives(const ConfigRequest& request) {
  return {{"bind", {request.listen.address}},
          {"port", {request.unix_socket.empty() ? std::to_string(request.listen.port) : "0"}},
          {"protected-mode", {"no"}},  // the address, the kernel's rules and ACLs protect it
          {"daemonize", {"no"}},
          {"always-show-logo", {"no"}},
          {"dir", {"./"}},
          {"dbfilename", {"dump.rdb"}},
          {"rdbcompression", {"no"}},
          {"save", {""}},
          {"appendonly", {"no"}}};
}

// The engine's child for a save or a full synchronisation may need as much memory again; should there be none, the
// kernel is to end the child and not the engine. Raising one's own child's score needs no privilege.
Directives MemoryDirectives(std::int64_t max_memory) {
  return {{"maxmemory", {std::to_string(max_memory)}},
          {"oom-score-adj", {"relative"}},
          {"oom-score-adj-values", {"0", "0", "800"}}};
}

// Whether a full synchronisation goes through a socket ("yes") or a file. After a socket transfer these versions begin
// the stream only with the replica's next acknowledgement, up to a second after they list it as online; after a file
// they begin it with the file's last byte. Measured from online to the first write received: 0 or about 915 ms by
// socket, 0 to 2 ms by file. Replicas that come while a file is written share it, too. Later versions gain nothing by a
// file.
const char* Diskless(const ConfigRequest& request) {
  const std::string minor = catalog::MinorOf(request.full_version);
  const bool by_file = request.engine == "valkey" ? minor == "8.0" || minor == "8.1" : minor == "6.0" || minor == "7.0";
  return by_file ? "no" : "yes";
}

Directives ReplicationDirectives(const ConfigRequest& request) {
  const ListenAddress nobody{request.listen.address, 1};
  const ListenAddress primary = request.primary.value_or(nobody);
  return {
      {"replicaof", {primary.address, std::to_string(primary.port)}},
      {"masteruser", {kInternalUser}},
      {"masterauth", {request.internal_password}},
      // Else a primary would know a replica of the same host by whatever source address the kernel picked.
      {"replica-announce-ip", {request.listen.address}},
      {"replica-announce-port", {std::to_string(request.listen.port)}},
      {"replica-read-only", {"yes"}},
      {"replica-serve-stale-data", {"yes"}},
      {"repl-diskless-sync", {Diskless(request)}},
      {"repl-diskless-sync-delay", {"0"}},
      // Straight into memory only where there is nothing to lose; otherwise the old data stays until the new is whole.
      {"repl-diskless-load", {"on-empty-db"}},
      {"repl-timeout", {"60"}}};
}

// Redis 6.0 has none of these: it replicates from the address it is bound to and offers DEBUG and MODULE to the
// internal user.
Directives DirectivesFrom7(const ConfigRequest& request) {
  return {{"bind-source-addr", {request.listen.address}},
          {"crash-log-enabled", {"yes"}},
          {"crash-memcheck-enabled", {"no"}},  // would go through all memory before a dead engine is gone
          {"enable-debug-command", {"no"}},
          {"enable-module-command", {"no"}},
          {"enable-protected-configs", {"no"}}};
}

Result<std::string> Render(const Directives& directives) {
  std::string text;
  for (const Directive& directive : directives) {
    CP_ASSIGN_OR_RETURN(const std::string line, RenderDirective(directive));
    text += line;
  }
  return text;
}

}  // namespace

Result<std::string> RenderConfig(const ConfigRequest& request) {
  CP_RETURN_IF_ERROR(CheckRequest(request));
  CP_ASSIGN_OR_RETURN(const Version version, ParseVersion(request.full_version));
  CP_ASSIGN_OR_RETURN(const std::int64_t max_memory, MaxMemory(request));
  CP_ASSIGN_OR_RETURN(const Directives parameters, ParameterDirectives(request, version));
  CP_ASSIGN_OR_RETURN(const Directives users, UserDirectives(request.engine, version, request.internal_password));
  Directives all = ProcessDirectives(request);
  Append(all, MemoryDirectives(max_memory));
  Append(all, ReplicationDirectives(request));
  if (version >= kRedis7) Append(all, DirectivesFrom7(request));
  Append(all, parameters);
  Append(all, users);
  if (!request.unix_socket.empty()) all.push_back({"unixsocket", {request.unix_socket}});
  return Render(all);
}

}  // namespace cacheplane::engine
