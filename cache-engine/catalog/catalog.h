// The catalogue: which engines, versions, parameter families and node types exist. Read-only data compiled into the
// program, taken from what ElastiCache documents. The control plane validates against it, the launcher renders from it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace cacheplane::catalog {

// A version that a cluster can ask for: "major.minor".
struct EngineVersion {
  std::string engine;   // "valkey" or "redis"
  std::string version;  // "8.0"
  std::string family;   // "valkey8"
  bool is_default = false;
};

struct NodeType {
  std::string name;  // "cache.t4g.small"
  int vcpu = 0;
  std::int64_t memory_bytes = 0;  // documented maxmemory, before reserved-memory-percent
  bool current_generation = false;
  bool new_clusters_allowed = false;
};

// How a parameter reaches the engine.
struct Parameter {
  std::string name;
  std::string default_value;
  std::string type;  // "string" or "integer"
  // "a,b,c" = enumeration; "lo-hi" = closed range; "lo-" = lower bound; "0,20-" = 0 or at least 20; "[abc]" = any
  // number of these characters; "" = nothing.
  std::string allowed;
  bool modifiable = false;
  bool needs_restart = false;
  // The engine's directive, or empty when Cacheplane itself carries the parameter out. The nine parameters
  // client-output-buffer-limit-<class>-<part> share one directive.
  std::string directive;
  std::string since;  // the first engine version that has it: "8.1"
  std::string description;
};

// Versions in order: by engine (valkey first), then oldest first.
const std::vector<EngineVersion>& EngineVersions();

// Null when there is none. `version` is "major.minor".
const EngineVersion* FindEngineVersion(std::string_view engine, std::string_view version);

// A number that ElastiCache alone has, of what is one of the versions here: the same protocol, data and parameters
// (docs/adr/0024).
struct VersionAlias {
  std::string engine;
  std::string alias;    // "7.1"
  std::string version;  // "7.0"
};

const std::vector<VersionAlias>& VersionAliases();

// Null when there is none.
const VersionAlias* FindVersionAlias(std::string_view engine, std::string_view alias);

// The version a cluster of `engine` gets when it names none; null for an unknown engine.
const EngineVersion* DefaultEngineVersion(std::string_view engine);

// kFailedPrecondition with the reason when nodes of the one version cannot be replaced, one by one, by nodes of the
// other: those follow the former as replicas first, and are followed by what is left of them. Both are "major.minor"
// and exist. Source: full and partial synchronisation of every pair, tried on the engines (docs/adr/0017).
Status CheckUpgrade(const EngineVersion& from, const EngineVersion& to);

// In order of family and size.
const std::vector<NodeType>& NodeTypes();
const NodeType* FindNodeType(std::string_view name);

// Values of parameters by their ElastiCache names.
using Values = std::map<std::string, std::string>;

// Sorted: "redis6.x", "redis7", …
const std::vector<std::string>& Families();

// Parameters of a family such as "valkey8", by name; empty for an unknown family.
const std::vector<Parameter>& ParametersOf(std::string_view family);

// Null when the family is unknown or has none of that name.
const Parameter* FindParameter(std::string_view family, std::string_view name);

// Whether an engine of that version ("major.minor") has it, as `since` says.
bool HasParameter(std::string_view engine_version, const Parameter& parameter);

// kInvalidArgument naming the family, the parameter and the nearest name that there is, if one is near.
Status CheckParameterExists(std::string_view family, std::string_view name);

// kInvalidArgument naming the parameter, the value and what is allowed: unknown name, value out of range or not in the
// enumeration, control characters, not modifiable.
Status ValidateParameter(std::string_view family, std::string_view name, std::string_view value);

// maxmemory in bytes: what a node of `node_memory_bytes` has for data, less reserved-memory-percent (default 25) or
// reserved-memory of `values`. kInvalidArgument when both are given, or nothing is left.
Result<std::int64_t> MaxMemory(std::int64_t node_memory_bytes, const Values& values);

// "major.minor" of a full version: "8.0.1" -> "8.0".
std::string MinorOf(std::string_view full_version);

}  // namespace cacheplane::catalog
