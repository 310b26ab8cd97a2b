// Command line of cacheplaned.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "controlplane/decide/views.h"
#include "controlplane/service/bootstrap.h"

namespace cacheplane::app {

struct Options {
  std::filesystem::path home;  // control-plane state: database and key
  std::string grpc_address = "127.0.0.1:7070";
  std::string http_host = "127.0.0.1";
  int http_port = 7080;
  bool http_on_loopback = true;
  std::vector<std::string> allowed_hosts;  // by which HTTP may be asked for, beside loopback; lower case
  bool any_access_key = false;             // the AWS API checks no signature; http_host is a loopback address then
  std::filesystem::path token_file;        // join token of agents and routers
  std::vector<service::ZoneRange> zones;   // of a new store
  std::string log_level = "info";
  decide::Policy policy;
};

// Nothing to run when help was asked for or the arguments are wrong; `exit_code` says which.
std::optional<Options> ParseOptions(int argc, char** argv, int& exit_code);

}  // namespace cacheplane::app
