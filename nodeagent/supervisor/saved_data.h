// What an engine saved, as far as the head of its file tells.
//
// The head is "REDIS" or "VALKEY", a version, and fields of a name and a value (opcode 0xfa); behind them come the
// data, or the end (0xff). "repl-id" and "repl-offset" are written by engines that have a replication stream, "ctime"
// by all. The format: https://github.com/valkey-io/valkey, src/rdb.c.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "nodeagent/decide/facts.h"

namespace cacheplane::agent {

// Nothing when there is no such file, or no data are in it. A file whose head is not understood is data of an unknown
// history: an engine is to judge it. Its id is made of its time and size, so that it stays when the file is moved.
std::optional<SavedData> ReadSavedData(const std::filesystem::path& file);

// What a head says: nothing when no data follow.
struct RdbHead {
  std::string replication_id{};
  std::int64_t replication_offset = 0;
  std::int64_t created = 0;  // seconds since 1970; 0: unknown

  bool operator==(const RdbHead&) const = default;
};
std::optional<RdbHead> ParseRdbHead(std::string_view bytes);

}  // namespace cacheplane::agent
