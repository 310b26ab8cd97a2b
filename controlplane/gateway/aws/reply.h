// XML documents as HTTP answers.
#pragma once

#include <string>

#include "controlplane/gateway/aws/wire/fault.h"
#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway::aws {

// A random UUID (version 4), by which callers and the log speak of a request.
std::string NewRequestId();

// text/xml, with the request's id in x-amzn-RequestId.
HttpResponse XmlReply(int status, std::string xml, const std::string& request_id);

// A refusal before anything of the request was understood: in ElastiCache's namespace, with an id of its own.
HttpResponse EarlyFaultReply(const Fault& fault);

}  // namespace cacheplane::gateway::aws
