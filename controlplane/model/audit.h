// Audit records: calls that were to change something, and what came of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/clock.h"

namespace cacheplane::model {

// A field of a resource that differs after a call; an absent one is "none".
struct FieldChange {
  std::string field;
  std::string before;
  std::string after;

  bool operator==(const FieldChange&) const = default;
};

struct AuditRecord {
  std::uint64_t sequence = 0;  // given by the store
  WallTime time;               // of the answer
  bool admitted = false;       // who called was let in: its signature is genuine, or nobody is asked for one
  std::string caller;          // id of an access key; "local" or "remote" where nobody is asked for one
  std::string caller_name;     // what the key was made for
  std::string role;            // of the key; empty where there is none
  std::string peer;            // "127.0.0.1:40312"; empty: not known
  std::string interface;       // "aws-query", "grpc" or "json"
  std::string operation;       // in the words of the interface
  std::string resource_kind;   // "cluster"; empty: the call names nothing
  std::string resource;        // its name, as the store has it
  std::map<std::string, std::string> parameters;  // as they were sent; secrets are never among them
  std::string outcome;                            // "ok", or the error's code
  std::string message;                            // the error's
  std::vector<FieldChange> changes;               // of the resource
  std::string request_id;

  bool operator==(const AuditRecord&) const = default;
};

}  // namespace cacheplane::model
