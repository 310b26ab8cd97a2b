// Bad calls, made of a good one by the model: every member of an operation's input, nested ones too, gets what it must
// not have.
#pragma once

#include <string>
#include <vector>

#include "controlplane/gateway/aws/wire/form.h"
#include "controlplane/gateway/aws/wire/model.h"

namespace cacheplane::gateway::aws {

struct HostileCall {
  std::string name;  // "CreateReplicationGroup Port: out of range"
  std::string body;
  bool must_fail = false;           // by the protocol alone, whatever the operation thinks of it
  std::vector<std::string> blamed;  // a refusal names one of them; none: nobody is to blame
};

// A member as the wire names it.
struct Place {
  std::string name;                  // "Tags.Tag.1.Key"
  std::vector<std::string> members;  // "Tags", "Key"
  const Shape* shape = nullptr;
  bool required = false;
  std::string fillers;  // "&name=value" of the required members beside it
};

// Structures and lists come before what is in them; lists are told by their first item.
std::vector<Place> PlacesIn(const Shape& input);

// Texts that no value of that shape should be, and some that it may.
using Values = std::vector<std::pair<std::string, std::string>>;  // what they are, and they
Values BadValues(const Shape& shape);
// Bytes that are no UTF-8.
const Values& BrokenUtf8();

// A body of that form. Bytes are escaped, whatever they are.
std::string BodyOf(const Form& form);
std::string Escaped(std::string_view bytes);

// `good` is a form that the operation takes.
std::vector<HostileCall> HostileCalls(const ModelOperation& operation, const Form& good);

}  // namespace cacheplane::gateway::aws
