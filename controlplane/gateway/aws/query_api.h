// A service that is spoken to by the Query protocol: its version, its operations and who answers them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/wire/model.h"
#include "controlplane/gateway/aws/wire/xml.h"

namespace cacheplane::gateway::aws {

struct QueryApi {
  std::string service;  // in the credential's scope
  std::string version;
  std::string xml_namespace;
  std::function<const ModelOperation*(std::string_view)> find;  // null for an unknown operation
  HandlerTable handlers;
  Dialect dialect = Dialect::kQuery;
};

// 2015-02-02; `handlers` are those that are built.
QueryApi ElastiCacheApi(HandlerTable handlers);

// The security token service, 2011-06-15: GetCallerIdentity alone, which Terraform and scripts begin with.
QueryApi StsApi();

// EC2, 2016-11-15, read only; `handlers` are those of ec2/.
QueryApi Ec2Api(HandlerTable handlers);

}  // namespace cacheplane::gateway::aws
