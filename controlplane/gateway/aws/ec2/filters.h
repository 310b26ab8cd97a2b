// Which rows of a list a call is answered with: those of its ids that pass every one of its filters, a page at a time.
// Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controlplane/gateway/aws/call.h"

namespace cacheplane::gateway::aws::ec2 {

// An item of an answer, and what filters see of it: values by the filter's name. A filter without a value here is one
// that EC2 has and that nothing of ours passes.
struct Row {
  std::string id;
  Json json;
  std::map<std::string, std::vector<std::string>> values;
};

// What is listed.
struct Kind {
  const char* list;                        // the member of the answer
  std::map<std::string, std::string> ids;  // members of the input that name rows, and the filter that each stands for
  const char* not_found;                   // the code of the fault for an id of none
  std::vector<std::string> filters;        // all names that EC2 has, "tag:<key>" aside
};

// `rows` in order of ids. InvalidParameterValue names a filter that EC2 does not have, or has no value, MaxResults
// outside of 5 to 1000, and a NextToken that is none. At most 100 rows a page where MaxResults is given, else all.
Answer AnswerRows(const Call& call, const Kind& kind, std::vector<Row> rows);

// "*" stands for any text and "?" for any one character, unless "\" is before them.
bool MatchesPattern(std::string_view pattern, std::string_view text);

}  // namespace cacheplane::gateway::aws::ec2
