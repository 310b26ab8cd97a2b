// A short text that is equal for equal requests, in every run and version of the program: repeated calls with one
// request id must be the same call. The request id itself is left out.
#pragma once

#include <string>

#include "controlplane/service/parameter_requests.h"
#include "controlplane/service/requests.h"

namespace cacheplane::service {

std::string Fingerprint(const CreateClusterRequest& request);
std::string Fingerprint(const ModifyClusterRequest& request);
std::string Fingerprint(const RollbackClusterRequest& request);
std::string Fingerprint(const DeleteClusterRequest& request);
std::string Fingerprint(const SwitchoverClusterRequest& request);
std::string Fingerprint(const RebootClusterRequest& request);
std::string Fingerprint(const UpdateNodesRequest& request);
std::string Fingerprint(const StopClusterRequest& request);
std::string Fingerprint(const StartClusterRequest& request);
std::string Fingerprint(const TestFailoverRequest& request);
std::string Fingerprint(const CreateParameterGroupRequest& request);
std::string Fingerprint(const CopyParameterGroupRequest& request);
std::string Fingerprint(const ModifyParameterGroupRequest& request);
std::string Fingerprint(const ResetParameterGroupRequest& request);
std::string Fingerprint(const DeleteParameterGroupRequest& request);

}  // namespace cacheplane::service
