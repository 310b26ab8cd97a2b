// What every answer to a bad call has to be.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway::aws {

// Codes that the model lists for that operation, and those that every operation may answer with.
const std::set<std::string>& CodesOf(const std::string& action);

// Why the answer is not a right one; empty when it is: 200 and the document of a result, or 4xx and that of an error
// with one of `codes` whose message is not empty and names one of `blamed` (none: nobody).
std::string WhatIsWrong(const HttpResponse& response, const std::set<std::string>& codes,
                        const std::vector<std::string>& blamed);

}  // namespace cacheplane::gateway::aws
