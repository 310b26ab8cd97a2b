#include "cache-engine/drivers/parameters.h"

#include <fmt/format.h>

#include "cache-engine/catalog/catalog.h"

namespace cacheplane::engine {
namespace {

constexpr char kOutputBufferLimit[] = "client-output-buffer-limit";

bool Has(const catalog::Parameter& parameter, Version version) {
  const auto since = ParseVersion(parameter.since);
  return since.ok() && *since <= version;
}

// Of a parameter: the request's, else the family's.
std::string ValueOf(const ConfigRequest& request, const catalog::Parameter& parameter) {
  const auto own = request.parameters.find(parameter.name);
  return own == request.parameters.end() ? parameter.default_value : own->second;
}

// A replica that lags by more than a tenth of the node's memory is cut off; ElastiCache derives both limits so.
std::string LimitOf(const ConfigRequest& request, const catalog::Parameter& parameter) {
  std::string value = ValueOf(request, parameter);
  return value.empty() ? std::to_string(request.node_memory_bytes / 10) : value;
}

// Nine parameters, client-output-buffer-limit-<class>-<part>, are three directives of one name.
Directive OutputBufferLimit(const ConfigRequest& request, const std::string& client_class) {
  Directive directive{kOutputBufferLimit, {client_class}};
  for (const char* part : {"hard-limit", "soft-limit", "soft-seconds"}) {
    const std::string name = fmt::format("{}-{}-{}", kOutputBufferLimit, client_class, part);
    for (const catalog::Parameter& parameter : catalog::ParametersOf(request.family)) {
      if (parameter.name == name) directive.values.push_back(LimitOf(request, parameter));
    }
  }
  return directive;
}

Status Validate(const ConfigRequest& request) {
  for (const auto& [name, value] : request.parameters) {
    CP_RETURN_IF_ERROR(catalog::ValidateParameter(request.family, name, value));
  }
  return {};
}

// By a directive of its own, while the engine runs.
bool IsSetByItself(const catalog::Parameter& parameter, Version version) {
  return parameter.modifiable && !parameter.needs_restart && !parameter.directive.empty() &&
         parameter.directive != kOutputBufferLimit && Has(parameter, version);
}

}  // namespace

std::optional<std::string> ParameterValue(const ConfigRequest& request, const std::string& name) {
  for (const catalog::Parameter& parameter : catalog::ParametersOf(request.family)) {
    if (parameter.name == name) return ValueOf(request, parameter);
  }
  return std::nullopt;
}

Result<std::vector<Directive>> ParameterDirectives(const ConfigRequest& request, Version version) {
  CP_RETURN_IF_ERROR(Validate(request));
  std::vector<Directive> directives;
  for (const catalog::Parameter& parameter : catalog::ParametersOf(request.family)) {
    if (parameter.directive.empty() || parameter.directive == kOutputBufferLimit || !Has(parameter, version)) continue;
    directives.push_back({parameter.directive, {ValueOf(request, parameter)}});
  }
  for (const char* client_class : {"normal", "replica", "pubsub"}) {
    directives.push_back(OutputBufferLimit(request, client_class));
  }
  return directives;
}

Result<std::vector<Directive>> RuntimeDirectives(const ConfigRequest& request, Version version) {
  CP_RETURN_IF_ERROR(Validate(request));
  CP_ASSIGN_OR_RETURN(const std::int64_t max_memory, MaxMemory(request));
  std::vector<Directive> directives;
  for (const catalog::Parameter& parameter : catalog::ParametersOf(request.family)) {
    if (!IsSetByItself(parameter, version)) continue;
    directives.push_back({parameter.directive, {ValueOf(request, parameter)}});
  }
  // A replica's limits follow from the node's memory alone.
  for (const char* client_class : {"normal", "pubsub"}) directives.push_back(OutputBufferLimit(request, client_class));
  // Last: what a shorter backlog gives back is not data's any more when maxmemory falls, and nothing is evicted for it.
  directives.push_back({"maxmemory", {std::to_string(max_memory)}});
  return directives;
}

std::vector<std::string> ParametersNeedingRestart(const ConfigRequest& running, const ConfigRequest& wanted,
                                                  Version version) {
  std::vector<std::string> names;
  for (const catalog::Parameter& parameter : catalog::ParametersOf(wanted.family)) {
    if (!parameter.needs_restart || !Has(parameter, version)) continue;
    if (ValueOf(running, parameter) != ValueOf(wanted, parameter)) names.push_back(parameter.name);
  }
  return names;
}

}  // namespace cacheplane::engine
