#include "cache-engine/drivers/replication_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "common/text.h"

namespace cacheplane::engine {
namespace {

// In the reply's order, and views of it: an agent reads thousands of replies a second.
using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

// The parts that are "key<within>value".
Fields ParsePairs(std::string_view text, char between, char within) {
  Fields fields;
  for (;;) {
    const std::size_t end = text.find(between);
    const std::string_view part = Trim(text.substr(0, end));
    const std::size_t at = part.find(within);
    if (at != std::string_view::npos && at > 0) fields.emplace_back(part.substr(0, at), part.substr(at + 1));
    if (end == std::string_view::npos) return fields;
    text.remove_prefix(end + 1);
  }
}

// Reads fields that must be there; keeps the first complaint.
class Reader {
 public:
  explicit Reader(const Fields& fields) : fields_(fields) {}

  std::string Text(const char* name) {
    const auto field = Find(name);
    if (field != fields_.end() && !field->second.empty()) return std::string(field->second);
    Complain(fmt::format("no {}", name));
    return {};
  }

  std::int64_t Number(const char* name) {
    const std::string text = Text(name);
    const auto number = ParseInt(text);
    if (!number) Complain(fmt::format("a {} that is no number", name));
    return number.value_or(0);
  }

  int Port(const char* name) {
    const std::int64_t port = Number(name);
    if (port < 0 || port > 65535) Complain(fmt::format("a {} that is no port", name));
    return static_cast<int>(port);
  }

  bool Has(const char* name) const { return Find(name) != fields_.end(); }
  void Complain(const std::string& what) {
    if (status_.ok()) status_ = Internal("the engine's INFO has " + what);
  }
  const Status& status() const { return status_; }

 private:
  Fields::const_iterator Find(std::string_view name) const {
    return std::find_if(fields_.begin(), fields_.end(), [name](const auto& field) { return field.first == name; });
  }

  const Fields& fields_;
  Status status_;
};

bool IsReplicaKey(std::string_view key) {
  return key.starts_with("slave") && key.size() > 5 && key.find_first_not_of("0123456789", 5) == std::string_view::npos;
}

// A line that lacks something is left out: a replica that cannot be read is no replica to rely on.
std::optional<ReplicaLine> ParseReplica(std::string_view text) {
  const Fields fields = ParsePairs(text, ',', '=');
  Reader reader(fields);
  ReplicaLine replica;
  replica.address = reader.Text("ip");
  replica.port = reader.Port("port");
  replica.state = reader.Text("state");
  replica.acknowledged_offset = reader.Number("offset");
  if (!reader.status().ok()) return std::nullopt;
  return replica;
}

std::vector<ReplicaLine> ParseReplicas(const Fields& fields) {
  std::vector<ReplicaLine> replicas;
  for (const auto& [key, value] : fields) {
    if (!IsReplicaKey(key)) continue;
    if (auto replica = ParseReplica(value)) replicas.push_back(std::move(*replica));
  }
  return replicas;
}

void ReadPrimary(const Fields& fields, Reader& reader, ReplicationInfo& info) {
  info.role = "primary";
  info.replication_offset = reader.Number("master_repl_offset");
  info.replicas = ParseReplicas(fields);
}

void ReadReplica(Reader& reader, ReplicationInfo& info) {
  info.role = "replica";
  info.replication_offset = reader.Number("slave_repl_offset");
  info.link_up = reader.Text("master_link_status") == "up";
  info.syncing = reader.Has("master_sync_in_progress") && reader.Number("master_sync_in_progress") != 0;
  info.primary_address = reader.Text("master_host");
  info.primary_port = reader.Port("master_port");
  if (info.link_up || !reader.Has("master_link_down_since_seconds")) return;
  // -1 when there never was one.
  const std::int64_t seconds = reader.Number("master_link_down_since_seconds");
  info.link_down_seconds = static_cast<int>(std::clamp<std::int64_t>(seconds, 0, 1 << 30));
}

void ReadHistory(Reader& reader, ReplicationInfo& info) {
  info.replication_id = reader.Text("master_replid");
  if (!reader.Has("second_repl_offset") || !reader.Has("master_replid2")) return;
  info.former_end = reader.Number("second_repl_offset");
  if (info.former_end >= 0) info.former_replication_id = reader.Text("master_replid2");
}

void ReadReplication(const Fields& fields, Reader& reader, ReplicationInfo& info) {
  ReadHistory(reader, info);
  const std::string role = reader.Text("role");
  if (role == "master") {
    ReadPrimary(fields, reader, info);
  } else if (role == "slave") {
    ReadReplica(reader, info);
  } else {
    reader.Complain("an unknown role");
  }
}

}  // namespace

Result<EngineInfo> ParseInfo(std::string_view reply) {
  const Fields fields = ParsePairs(reply, '\n', ':');
  Reader reader(fields);
  EngineInfo info;
  info.version = reader.Text(reader.Has("valkey_version") ? "valkey_version" : "redis_version");
  info.loading = reader.Number("loading") != 0;
  info.used_memory_bytes = reader.Number("used_memory");
  ReadReplication(fields, reader, info);
  if (!reader.status().ok()) return reader.status().error();
  return info;
}

Result<ReplicationInfo> ParseReplication(std::string_view reply) {
  const Fields fields = ParsePairs(reply, '\n', ':');
  Reader reader(fields);
  ReplicationInfo info;
  ReadReplication(fields, reader, info);
  if (!reader.status().ok()) return reader.status().error();
  return info;
}

}  // namespace cacheplane::engine
