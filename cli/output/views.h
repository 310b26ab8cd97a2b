// How each message of the API looks: as a row of a table, as a description, as a bare name. Pure; one .cc per area.
#pragma once

#include <string>
#include <vector>

#include "cli/output/table.h"

namespace cacheplane::v1 {
class Agent;
class Cluster;
class Event;
class ListAccessKeysResponse;
class ListAgentsResponse;
class ListAuditRecordsResponse;
class ListClusterRevisionsResponse;
class ListClustersResponse;
class ListEngineDefaultParametersResponse;
class ListEngineVersionsResponse;
class ListEventsResponse;
class ListNodeTypesResponse;
class ListNodesResponse;
class ListOperationsResponse;
class ListParameterGroupsResponse;
class ListParametersResponse;
class ListRoutersResponse;
class ListSecurityGroupsResponse;
class ListSubnetGroupsResponse;
class ListSubnetsResponse;
class ModifyClusterResponse;
class Operation;
class ParameterGroup;
class RebootClusterResponse;
class UpdateNodesResponse;
class RollbackClusterResponse;
class SecurityGroup;
class Subnet;
class SubnetGroup;
}  // namespace cacheplane::v1

namespace cacheplane::cli {

Table ToTable(const v1::ListClustersResponse& list);
Table ToTable(const v1::ListClusterRevisionsResponse& list);  // a row for each change
Table ToTable(const v1::ListSubnetsResponse& list);
Table ToTable(const v1::ListSubnetGroupsResponse& list);
Table ToTable(const v1::ListSecurityGroupsResponse& list);
Table ToTable(const v1::ListParameterGroupsResponse& list);
Table ToTable(const v1::ListParametersResponse& list);
Table ToTable(const v1::ListEngineDefaultParametersResponse& list);
Table ToTable(const v1::ListEngineVersionsResponse& list);
Table ToTable(const v1::ListNodeTypesResponse& list);
Table ToTable(const v1::ListAgentsResponse& list);
Table ToTable(const v1::ListNodesResponse& list);
Table ToTable(const v1::ListRoutersResponse& list);
Table ToTable(const v1::ListOperationsResponse& list);
Table ToTable(const v1::ListEventsResponse& list);
Table ToTable(const v1::ListAccessKeysResponse& list);
Table ToTable(const v1::ListAuditRecordsResponse& list);
Table ToTable(const v1::ModifyClusterResponse& response);    // of its plan
Table ToTable(const v1::RebootClusterResponse& response);    // of its plan
Table ToTable(const v1::UpdateNodesResponse& response);      // of its plan
Table ToTable(const v1::RollbackClusterResponse& response);  // of its plan

// Names or ids in the order of the list; an engine version is "valkey:8.0", an event its resume token, a
// revision and an audit record its number.
std::vector<std::string> Names(const v1::ListClustersResponse& list);
std::vector<std::string> Names(const v1::ListClusterRevisionsResponse& list);
std::vector<std::string> Names(const v1::ListSubnetsResponse& list);
std::vector<std::string> Names(const v1::ListSubnetGroupsResponse& list);
std::vector<std::string> Names(const v1::ListSecurityGroupsResponse& list);
std::vector<std::string> Names(const v1::ListParameterGroupsResponse& list);
std::vector<std::string> Names(const v1::ListParametersResponse& list);
std::vector<std::string> Names(const v1::ListEngineDefaultParametersResponse& list);
std::vector<std::string> Names(const v1::ListEngineVersionsResponse& list);
std::vector<std::string> Names(const v1::ListNodeTypesResponse& list);
std::vector<std::string> Names(const v1::ListAgentsResponse& list);
std::vector<std::string> Names(const v1::ListNodesResponse& list);
std::vector<std::string> Names(const v1::ListRoutersResponse& list);
std::vector<std::string> Names(const v1::ListOperationsResponse& list);
std::vector<std::string> Names(const v1::ListEventsResponse& list);
std::vector<std::string> Names(const v1::ListAccessKeysResponse& list);
std::vector<std::string> Names(const v1::ListAuditRecordsResponse& list);

// Blocks of several lines.
std::string Describe(const v1::Cluster& cluster, bool colour);
std::string Describe(const v1::Subnet& subnet, bool colour);
std::string Describe(const v1::SubnetGroup& group, bool colour);
std::string Describe(const v1::SecurityGroup& group, bool colour);
std::string Describe(const v1::ParameterGroup& group, bool colour);
std::string Describe(const v1::Agent& agent, bool colour);
std::string Describe(const v1::Operation& operation, bool colour);
// One line.
std::string Describe(const v1::Event& event, bool colour);

std::string NameOf(const v1::Cluster& cluster);
std::string NameOf(const v1::Subnet& subnet);
std::string NameOf(const v1::SubnetGroup& group);
std::string NameOf(const v1::SecurityGroup& group);
std::string NameOf(const v1::ParameterGroup& group);
std::string NameOf(const v1::Agent& agent);
std::string NameOf(const v1::Operation& operation);

}  // namespace cacheplane::cli
