// A call that was decoded and whose caller is known, and who answers it.
//
//   form ──decode by shape──► Call::input (JSON) ──handler──► result (JSON) ──encode by shape──► XML
//
// JSON here is a tree in memory: objects have the members' names of the model, lists are arrays, integers and booleans
// are what they are, times are texts in ISO 8601. A member that was not sent, or is not to be shown, is absent.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "controlplane/gateway/aws/wire/fault.h"

namespace cacheplane::gateway::aws {

// Members in the order in which they were put in.
using Json = nlohmann::ordered_json;

struct Call {
  std::string action;         // "CreateReplicationGroup"
  Json input;                 // an object, checked against the model: required members are there, types are right
  std::string region;         // of the credential's scope
  std::string access_key;     // the caller's; empty where any key is accepted
  std::string invocation_id;  // the same for every retry by an SDK; empty: the client sent none
};

using Answer = std::variant<Json, Fault>;
// Takes the answer: once, from any thread.
using Done = std::function<void(const Answer&)>;  // a page is large: no copies
using Handler = std::function<void(const Call&, const Done&)>;

// By action. One that is not here is not built.
using HandlerTable = std::map<std::string, Handler, std::less<>>;

// Of a handler that answers at once.
template <typename Function>
Handler AtOnce(Function function) {
  return [function](const Call& call, const Done& done) { done(function(call)); };
}

}  // namespace cacheplane::gateway::aws
