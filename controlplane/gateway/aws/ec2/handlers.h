// The operations of EC2 that are served.
#pragma once

#include "controlplane/gateway/aws/call.h"

namespace cacheplane::service {
class NetworkService;
}  // namespace cacheplane::service

namespace cacheplane::gateway::aws::ec2 {

// `networks` must outlive the table.
HandlerTable BuildTable(const service::NetworkService& networks);

}  // namespace cacheplane::gateway::aws::ec2
