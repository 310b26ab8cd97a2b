#include "controlplane/app/options.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>

#include "common/text.h"

namespace cacheplane::app {
namespace {

// "host:port" into its parts; throws what CLI11 shows as a usage error.
void SetHttp(Options& options, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : ParseInt(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) throw CLI::ValidationError("--http", text + " is not host:port");
  options.http_host = text.substr(0, colon);
  options.http_port = static_cast<int>(*port);
}

std::string HostName(const std::string& text) {
  if (text.empty() || text.find_first_of(":/ ") != std::string::npos) {
    throw CLI::ValidationError(
        "--allowed-host",
        text + " is not the name or address of a host; allowed: such as cache.example.org, without a port");
  }
  return ToLower(text);
}

bool IsLoopback(const std::string& host) {
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24U == IN_LOOPBACKNET;
  return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

void CheckAnyAccessKey(const Options& options) {
  if (!options.any_access_key || options.http_on_loopback) return;
  throw CLI::ValidationError(
      "--any-access-key", "HTTP listens on " + options.http_host +
                              ", where others could call the AWS API without a key; allowed: loopback addresses only");
}

// "us-east-1a=127.20.0.0/20"
void AddZone(Options& options, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) throw CLI::ValidationError("--zone", text + " is not zone=cidr");
  options.zones.push_back({text.substr(0, equals), text.substr(equals + 1)});
}

// "30s", "500ms", "2m"
std::chrono::milliseconds ParseTime(const char* option, const std::string& text) {
  static const std::map<std::string, std::int64_t> kUnits{{"ms", 1}, {"s", 1000}, {"m", 60'000}};
  const std::size_t digits = text.find_first_not_of("0123456789");
  const auto unit = digits == std::string::npos ? kUnits.end() : kUnits.find(text.substr(digits));
  const auto number = ParseInt(text.substr(0, digits));
  // No more than a year, so that no arithmetic on it overflows.
  const bool valid = unit != kUnits.end() && number && *number > 0 && *number <= 31'536'000'000 / unit->second;
  if (!valid) throw CLI::ValidationError(option, text + " is not a time such as 30s");
  return std::chrono::milliseconds(*number * unit->second);
}

}  // namespace

std::optional<Options> ParseOptions(int argc, char** argv, int& exit_code) {
  Options options;
  std::string http;
  std::vector<std::string> zones;
  std::vector<std::string> allowed_hosts;
  std::string replace_after;
  std::string restore_after;
  CLI::App cli("cacheplaned: the control plane of Cacheplane", "cacheplaned");
  cli.add_option("--home", options.home, "directory of its state")->required();
  cli.add_option("--grpc", options.grpc_address, "address of the gRPC API")->capture_default_str();
  cli.add_option("--http", http, "address of the HTTP API (default 127.0.0.1:7080)");
  cli.add_option("--allowed-host", allowed_hosts,
                 "name or address by which HTTP may be asked for, beside loopback; repeatable");
  cli.add_option("--token-file", options.token_file, "file with the join token of agents and routers")->required();
  cli.add_option("--zone", zones, "zone=cidr of a subnet that a new store begins with; repeatable");
  cli.add_option("--replace-after", replace_after, "silence after which a host counts as lost (default 30s)");
  cli.add_option("--restore-after", restore_after,
                 "silence after which a host is not waited for by a shard of which nothing lives (default 60s)");
  cli.add_option("--flap-free", options.policy.flap_free, "automatic failovers in ten minutes before one has to wait")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000));
  cli.add_option("--maintenance-at-once", options.policy.maintenance_at_once,
                 "clusters that are changed at once in maintenance windows")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  cli.add_flag(
      "--any-access-key", options.any_access_key,
      "take calls of the AWS API with whatever access key, without checking their signature; on loopback only");
  cli.add_option("--log-level", options.log_level, "debug, info, warn or error")->capture_default_str();
  cli.set_version_flag("--version", CACHEPLANE_VERSION);
  try {
    cli.parse(argc, argv);
    if (!http.empty()) SetHttp(options, http);
    options.http_on_loopback = IsLoopback(options.http_host);
    for (const std::string& host : allowed_hosts) options.allowed_hosts.push_back(HostName(host));
    if (!replace_after.empty()) options.policy.replace_after = ParseTime("--replace-after", replace_after);
    if (!restore_after.empty()) options.policy.restore_after = ParseTime("--restore-after", restore_after);
    CheckAnyAccessKey(options);
    for (const std::string& zone : zones) AddZone(options, zone);
  } catch (const CLI::ParseError& error) {
    exit_code = cli.exit(error);
    return std::nullopt;
  }
  if (options.zones.empty()) options.zones = service::DevelopmentZones();
  return options;
}

}  // namespace cacheplane::app
