// The command line of cacheplane-agent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cacheplane::agent {

struct Options {
  std::string name;
  std::string zone;
  std::string control_plane = "127.0.0.1:7070";
  std::filesystem::path token_file;
  std::filesystem::path home;
  std::filesystem::path images;
  std::filesystem::path cache_engine;
  std::filesystem::path guard;    // the cacheplane-guard program
  std::int64_t memory_bytes = 0;  // offered to nodes
  std::uint32_t uid_base = 70000;
  std::string fence = "auto";  // or "kernel", "guard", "none"
  bool unsafe = false;         // reports a fence that is not there: shows what tests find then
  std::string peer_address;    // "ip:port" (UDP); empty: towards the control plane, any port
  std::string log_level = "info";
  bool drain = false;
};

// The process's exit status instead, after help or an error that was printed.
struct ParsedOptions {
  std::optional<Options> options;
  int exit_status = 0;
};

ParsedOptions ParseOptions(int argc, char** argv);

}  // namespace cacheplane::agent
