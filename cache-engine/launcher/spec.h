// The launch specification: what the agent writes and `cache-engine` reads before it becomes the engine.
//
//   agent: writes <node directory>/launch.json (0600), spawns `cache-engine --spec <that file>` with the incarnation's
//   data directory as argument of the spec; the process id stays the same through exec, so the agent's child is the
//   engine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cache-engine/drivers/engine_config.h"
#include "common/result.h"

namespace cacheplane::launcher {

struct Spec {
  engine::ConfigRequest config;
  std::string image_directory;  // …/valkey-8.0.1, with bin/ and lib/
  std::string data_directory;   // of this incarnation; becomes the working directory, mode 0700, owned by `uid`
  std::string log_file;         // standard output and error of the engine are appended here
  std::uint32_t uid = 0;        // user and group of the engine; 0 = stay the current user (only when not root)
  std::uint64_t max_open_files = 10032;
};

// JSON with one key per field. Parse: kInvalidArgument naming an unknown or missing field.
std::string ToJson(const Spec& spec);
Result<Spec> ParseSpec(std::string_view json);

}  // namespace cacheplane::launcher
