// Rows for the store's tests: every field set, so that a column that is lost shows.
#pragma once

#include <string>

#include "controlplane/ports/store.h"

// Expects a status to be ok, or to fail with a code.
#define EXPECT_OK(status) EXPECT_EQ(::cacheplane::test::CodeOf(status), "ok")
#define EXPECT_CODE(status, code) EXPECT_EQ(::cacheplane::test::CodeOf(status), ::cacheplane::ErrorCodeName(code))

namespace cacheplane::test {

// "ok" or the error's code.
std::string CodeOf(const Status& status);

// Milliseconds after a fixed instant.
WallTime At(int millis);

model::Subnet ASubnet(const std::string& name, const std::string& zone, const std::string& cidr);
model::SecurityGroup ASecurityGroup(const std::string& name);
model::Cluster ACluster(const std::string& name);  // uid "uid-<name>", subnet group "default", groups "web" and "db"

// Incarnation "<name>.1", in net-a on agent "agent-1".
model::Node ANode(const model::Cluster& cluster, int ordinal, const std::string& ip);
model::Endpoint AnEndpoint(const model::Cluster& cluster, model::EndpointKind kind, const std::string& ip);
model::Abandoned AnAbandoned(const std::string& incarnation, const std::string& ip);  // of "orders-001" on "agent-1"
model::Operation AnOperation(const std::string& id, const std::string& target, WallTime created);
model::Event AnEvent(const std::string& cluster, const std::string& message, WallTime time);
// Of a caller who was let in, to the cluster `resource`.
model::AuditRecord AnAuditRecord(const std::string& operation, const std::string& resource, WallTime time);
ports::RememberedRequest ARequest(const std::string& id, WallTime time);
model::Host AHost(const std::string& agent);

}  // namespace cacheplane::test
