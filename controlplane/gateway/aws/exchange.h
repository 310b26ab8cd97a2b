// One request at the AWS endpoint, from its arrival to its answer.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/gateway/aws/query_api.h"
#include "controlplane/gateway/aws/signing/auth.h"
#include "controlplane/gateway/aws/signing/scope.h"
#include "controlplane/gateway/aws/wire/form.h"
#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway::aws {

// Each step of the endpoint fills in what it finds; what is below `reply` is empty until then.
struct Exchange {
  HttpRequest request;
  std::string request_id;
  MonoTime began;
  HttpReply reply;

  const QueryApi* api = nullptr;  // ElastiCache, unless the request is signed for another, or STS's version
  std::optional<Scope> scope;
  Form form;
  Identity caller;
  bool known = false;  // the caller is
  std::string action;
  const ModelOperation* operation = nullptr;
  Json input;
  std::vector<std::string> unknown;  // parameters that were not looked at

  std::atomic_flag answered;  // by the handler; a second answer is dropped
};

// Whether an action changes nothing.
bool IsReading(std::string_view action);

// What the handler is told.
Call CallOf(const Exchange& exchange);

// Whether a retry can be told from a new call: it changes something, and its client named the invocation by an id of
// sensible length.
bool IsRetriable(const Exchange& exchange);

HttpResponse ResponseOf(const Exchange& exchange, const Answer& answer);

// One line: who called what, and how it went. Values of parameters are never in it.
void LogExchange(const Exchange& exchange, const HttpResponse& response, std::string_view outcome, MonoTime now);

}  // namespace cacheplane::gateway::aws
