// What the endpoint asks of a request before it is carried out, in this order. Each fills in a part of the exchange, or
// says why not.
#pragma once

#include <optional>

#include "controlplane/gateway/aws/exchange.h"

namespace cacheplane::gateway::aws {

// What is served, and who knows the callers.
struct Served {
  Authenticator& authenticator;
  const Clock& clock;
  QueryApi elasticache;
  QueryApi sts;
  QueryApi ec2;
};

using Step = std::optional<Fault> (*)(const Served&, Exchange&);

std::optional<Fault> CheckTransport(const Served& served, Exchange& exchange);  // POST, a form, nothing in the URL
std::optional<Fault> ReadForm(const Served& served, Exchange& exchange);
std::optional<Fault> KnowCaller(const Served& served, Exchange& exchange);
std::optional<Fault> FindService(const Served& served, Exchange& exchange);
std::optional<Fault> FindOperation(const Served& served, Exchange& exchange);
std::optional<Fault> CheckRole(const Served& served, Exchange& exchange);  // viewers only read
std::optional<Fault> CheckBuilt(const Served& served, Exchange& exchange);
std::optional<Fault> DecodeInput(const Served& served, Exchange& exchange);

}  // namespace cacheplane::gateway::aws
